package io.engram.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The node's RocksDB. Thread-safe. One process at a time holds it open; after {@link #close} every use of it, of its
 * snapshots and of its cursors throws {@link DatabaseException} instead of touching freed memory.
 */
public final class Database implements View, AutoCloseable {

    /** Layout of keys and values; raise it with every change that older code cannot read. */
    public static final int FORMAT_VERSION = 1;

    /** Uncompressed blocks, indexes and filters of all column families together. */
    public static final long BLOCK_CACHE_BYTES = 128L << 20;

    /** Memory for writes not yet in table files, all column families together. */
    public static final long WRITE_BUFFER_BYTES = 64L << 20;

    /** The write-ahead log before column families that write little are flushed to free it. */
    public static final long WRITE_AHEAD_LOG_BYTES = 256L << 20;

    public static final int MAX_OPEN_FILES = 512;

    private static final long FAMILY_BUFFER_BYTES = 32L << 20;
    private static final double FILTER_BITS_PER_KEY = 10;
    private static final int LOG_FILES_KEPT = 2;
    private static final long LOG_FILE_BYTES = 4L << 20;
    private static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private final RocksDB rocks;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Column, ColumnFamilyHandle> columns;
    private final List<AutoCloseable> options;
    private final ReadOptions plainReads = new ReadOptions();
    private final WriteOptions processWrites = new WriteOptions();
    private final WriteOptions powerWrites = new WriteOptions().setSync(true);

    /** Held shared by every call into native code, exclusively by the end of it. */
    private final StampedLock lifecycle = new StampedLock();

    private final Set<Object> borrowed = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private Database(
            Path directory,
            RocksDB rocks,
            List<ColumnFamilyHandle> handles,
            Map<Column, ColumnFamilyHandle> columns,
            List<AutoCloseable> options) {
        this.directory = directory;
        this.rocks = rocks;
        this.handles = handles;
        this.columns = columns;
        this.options = options;
    }

    /**
     * Opens the database in {@code directory} and creates it when the directory is missing or empty.
     *
     * @throws DatabaseException when another process holds it, when a newer version wrote it, or when it is damaged
     */
    public static Database open(Path directory) {
        RocksDB.loadLibrary();
        List<AutoCloseable> owned = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            return open(directory, owned);
        } catch (IOException e) {
            closeAll(owned);
            throw new DatabaseException("cannot create the directory " + directory + ": " + e.getMessage(), e);
        } catch (RocksDBException e) {
            closeAll(owned);
            throw openFailure(directory, e);
        } catch (DatabaseException e) {
            closeAll(owned);
            throw e;
        }
    }

    private static Database open(Path directory, List<AutoCloseable> owned) throws RocksDBException {
        Cache cache = own(owned, new LRUCache(BLOCK_CACHE_BYTES));
        BloomFilter filter = own(owned, new BloomFilter(FILTER_BITS_PER_KEY));
        ColumnFamilyOptions pointOptions = own(
                owned, familyOptions(cache).setTableFormatConfig(table(cache).setFilterPolicy(filter)));
        ColumnFamilyOptions rangeOptions = own(owned, familyOptions(cache));
        DBOptions databaseOptions = own(
                owned,
                new DBOptions()
                        .setCreateIfMissing(true)
                        .setMaxOpenFiles(MAX_OPEN_FILES)
                        .setDbWriteBufferSize(WRITE_BUFFER_BYTES)
                        .setMaxTotalWalSize(WRITE_AHEAD_LOG_BYTES)
                        .setKeepLogFileNum(LOG_FILES_KEPT)
                        .setMaxLogFileSize(LOG_FILE_BYTES)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));

        Set<String> names = new HashSet<>();
        try (Options listing = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(listing, directory.toString())) {
                names.add(new String(name, StandardCharsets.UTF_8));
            }
        }
        names.add(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8));
        Map<String, Column> known = new HashMap<>();
        for (Column column : Column.values()) {
            known.put(column.familyName(), column);
        }
        List<ColumnFamilyDescriptor> present = new ArrayList<>();
        List<String> order = List.copyOf(names);
        for (String name : order) {
            boolean point = known.containsKey(name) && known.get(name).hasPointReads();
            present.add(new ColumnFamilyDescriptor(
                    name.getBytes(StandardCharsets.UTF_8), point ? pointOptions : rangeOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB rocks = RocksDB.open(databaseOptions, directory.toString(), present, handles);
        Map<Column, ColumnFamilyHandle> columns = new EnumMap<>(Column.class);
        for (int i = 0; i < order.size(); i++) {
            Column column = known.get(order.get(i));
            if (column != null) {
                columns.put(column, handles.get(i));
            }
        }
        try {
            prepare(directory, rocks, handles, columns, pointOptions, rangeOptions);
        } catch (RocksDBException | DatabaseException e) {
            closeAll(handles);
            rocks.close();
            throw e;
        }
        return new Database(directory, rocks, handles, columns, owned);
    }

    /** Checks the version and creates what a new database lacks. */
    private static void prepare(
            Path directory,
            RocksDB rocks,
            List<ColumnFamilyHandle> handles,
            Map<Column, ColumnFamilyHandle> columns,
            ColumnFamilyOptions pointOptions,
            ColumnFamilyOptions rangeOptions)
            throws RocksDBException {
        // The version is read before anything is created, so that a database of a newer version stays as it was.
        if (columns.containsKey(Column.METADATA)) {
            checkVersion(directory, Optional.ofNullable(rocks.get(columns.get(Column.METADATA), FORMAT_KEY)));
        }
        create(rocks, handles, columns, pointOptions, true);
        create(rocks, handles, columns, rangeOptions, false);
        try (WriteOptions synced = new WriteOptions().setSync(true)) {
            byte[] version = ByteBuffer.allocate(4).putInt(FORMAT_VERSION).array();
            rocks.put(columns.get(Column.METADATA), synced, FORMAT_KEY, version);
        }
    }

    /** Creates the missing ones of one kind in one call: each call writes the options of all to disk. */
    private static void create(
            RocksDB rocks,
            List<ColumnFamilyHandle> handles,
            Map<Column, ColumnFamilyHandle> columns,
            ColumnFamilyOptions options,
            boolean pointReads)
            throws RocksDBException {
        List<Column> missing = Arrays.stream(Column.values())
                .filter(column -> column.hasPointReads() == pointReads && !columns.containsKey(column))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        List<byte[]> names = missing.stream()
                .map(column -> column.familyName().getBytes(StandardCharsets.UTF_8))
                .toList();
        List<ColumnFamilyHandle> created = rocks.createColumnFamilies(options, names);
        handles.addAll(created);
        for (int i = 0; i < created.size(); i++) {
            columns.put(missing.get(i), created.get(i));
        }
    }

    private static BlockBasedTableConfig table(Cache cache) {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
    }

    private static ColumnFamilyOptions familyOptions(Cache cache) {
        return new ColumnFamilyOptions()
                .setTableFormatConfig(table(cache))
                .setWriteBufferSize(FAMILY_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true);
    }

    /** @param stored absent after a kill between the creation of the column family and the first write */
    private static void checkVersion(Path directory, Optional<byte[]> stored) {
        int version = stored.map(
                        bytes -> bytes.length == 4 ? ByteBuffer.wrap(bytes).getInt() : -1)
                .orElse(FORMAT_VERSION);
        if (version > FORMAT_VERSION) {
            throw new DatabaseException("the database in " + directory + " has format " + version
                    + ", written by a newer version; this one reads up to format " + FORMAT_VERSION);
        }
        if (version < 1) {
            throw new DatabaseException("the database in " + directory + " carries no valid format version");
        }
    }

    private static DatabaseException openFailure(Path directory, RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("lock file") || lower.contains("lock hold by")) {
            return new DatabaseException(
                    "the database in " + directory + " is in use by another process; stop that one first", e);
        }
        return new DatabaseException("cannot open the database in " + directory + ": " + message, e);
    }

    private static <T extends AutoCloseable> T own(List<AutoCloseable> owned, T resource) {
        owned.add(resource);
        return resource;
    }

    public Path directory() {
        return directory;
    }

    @Override
    public Optional<byte[]> get(Column column, byte[] key) {
        return get(column, plainReads, key);
    }

    Optional<byte[]> get(Column column, ReadOptions reads, byte[] key) {
        long stamp = enter();
        try {
            if (!reads.isOwningHandle()) {
                throw new DatabaseException("the snapshot is closed");
            }
            return Optional.ofNullable(rocks.get(handle(column), reads, key));
        } catch (RocksDBException e) {
            throw new DatabaseException("cannot read the database in " + directory + ": " + e.getMessage(), e);
        } finally {
            leave(stamp);
        }
    }

    @Override
    public Cursor seek(Column column, byte[] from) {
        return seek(column, Optional.empty(), from);
    }

    Cursor seek(Column column, Optional<org.rocksdb.Snapshot> snapshot, byte[] from) {
        long stamp = enter();
        try {
            ReadOptions reads = new ReadOptions();
            snapshot.ifPresent(reads::setSnapshot);
            Cursor cursor = new Cursor(this, rocks.newIterator(handle(column), reads), reads, from);
            borrowed.add(cursor);
            return cursor;
        } finally {
            leave(stamp);
        }
    }

    /** The database as it is now. The caller closes it. */
    public Snapshot snapshot() {
        long stamp = enter();
        try {
            Snapshot snapshot = new Snapshot(this, rocks.getSnapshot());
            borrowed.add(snapshot);
            return snapshot;
        } finally {
            leave(stamp);
        }
    }

    /** An empty batch. The caller closes it. */
    public Batch batch() {
        return new Batch(this);
    }

    void write(WriteBatch batch, Durability durability) {
        long stamp = enter();
        try {
            rocks.write(durability == Durability.POWER ? powerWrites : processWrites, batch);
        } catch (RocksDBException e) {
            throw new DatabaseException("cannot write to the database in " + directory + ": " + e.getMessage(), e);
        } finally {
            leave(stamp);
        }
    }

    ColumnFamilyHandle handle(Column column) {
        ColumnFamilyHandle handle = columns.get(column);
        if (handle == null) {
            throw new IllegalStateException("no column family " + column);
        }
        return handle;
    }

    /** Begins a call into native code; {@link #leave} must follow. Not reentrant. */
    long enter() {
        long stamp = lifecycle.readLock();
        if (closed) {
            lifecycle.unlockRead(stamp);
            throw new DatabaseException("the database in " + directory + " is closed");
        }
        return stamp;
    }

    void leave(long stamp) {
        lifecycle.unlockRead(stamp);
    }

    /** Frees a snapshot or cursor, once; after the end of the database this does nothing. */
    void release(Object resource) {
        long stamp = lifecycle.readLock();
        try {
            if (!closed && borrowed.remove(resource)) {
                free(resource);
            }
        } finally {
            lifecycle.unlockRead(stamp);
        }
    }

    private void free(Object resource) {
        switch (resource) {
            case Cursor cursor -> cursor.free();
            case Snapshot snapshot -> snapshot.free(rocks);
            default -> throw new IllegalStateException("not lent by the database: " + resource);
        }
    }

    /** Waits for calls in progress, then ends; a second call does nothing. */
    @Override
    public void close() {
        long stamp = lifecycle.writeLock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            // Cursors first: they use the snapshots.
            borrowed.stream().filter(Cursor.class::isInstance).forEach(this::free);
            borrowed.stream().filter(Snapshot.class::isInstance).forEach(this::free);
            borrowed.clear();
            List<AutoCloseable> all = new ArrayList<>(handles);
            all.add(rocks);
            all.addAll(Arrays.asList(plainReads, processWrites, powerWrites));
            all.addAll(options);
            closeAll(all);
        } finally {
            lifecycle.unlockWrite(stamp);
        }
    }

    private static void closeAll(List<? extends AutoCloseable> resources) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot free " + resource, e);
            }
        }
    }
}
