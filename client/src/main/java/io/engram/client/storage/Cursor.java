package io.engram.client.storage;

import java.util.Arrays;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * A position in a column family; sees the database as of its creation. For one thread. Every method but {@link #close}
 * throws {@link DatabaseException} once the cursor or the database is closed.
 */
public final class Cursor implements AutoCloseable {

    private final Database database;
    private final RocksIterator iterator;
    private final ReadOptions options;

    Cursor(Database database, RocksIterator iterator, ReadOptions options, byte[] from) {
        this.database = database;
        this.iterator = iterator;
        this.options = options;
        iterator.seek(from);
    }

    /** Whether there is a key here; false at the end. */
    public boolean isValid() {
        long stamp = database.enter();
        try {
            requireOpen();
            if (iterator.isValid()) {
                return true;
            }
            iterator.status();
            return false;
        } catch (RocksDBException e) {
            throw new DatabaseException("cannot read the database: " + e.getMessage(), e);
        } finally {
            database.leave(stamp);
        }
    }

    /** Whether there is a key here that begins with {@code prefix}. */
    public boolean isValidFor(byte[] prefix) {
        if (!isValid()) {
            return false;
        }
        byte[] key = key();
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The key here; only while {@link #isValid}. */
    public byte[] key() {
        long stamp = database.enter();
        try {
            requireOpen();
            return iterator.key();
        } finally {
            database.leave(stamp);
        }
    }

    /** The value here; only while {@link #isValid}. */
    public byte[] value() {
        long stamp = database.enter();
        try {
            requireOpen();
            return iterator.value();
        } finally {
            database.leave(stamp);
        }
    }

    public void next() {
        long stamp = database.enter();
        try {
            requireOpen();
            iterator.next();
        } finally {
            database.leave(stamp);
        }
    }

    private void requireOpen() {
        if (!iterator.isOwningHandle()) {
            throw new DatabaseException("the cursor is closed");
        }
    }

    @Override
    public void close() {
        database.release(this);
    }

    /** Called by the database, which orders this against its own end. */
    void free() {
        iterator.close();
        options.close();
    }
}
