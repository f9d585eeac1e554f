package io.engram.client.storage;

import java.util.Optional;
import org.rocksdb.ReadOptions;

/** The database as of one moment between two batches. Holding one keeps old data on disk: close it soon. */
public final class Snapshot implements View, AutoCloseable {

    private final Database database;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;

    Snapshot(Database database, org.rocksdb.Snapshot snapshot) {
        this.database = database;
        this.snapshot = snapshot;
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public Optional<byte[]> get(Column column, byte[] key) {
        return database.get(column, options, key);
    }

    @Override
    public Cursor seek(Column column, byte[] from) {
        return database.seek(column, Optional.of(snapshot), from);
    }

    @Override
    public void close() {
        database.release(this);
    }

    /** Called by the database, which orders this against its own end. */
    void free(org.rocksdb.RocksDB rocks) {
        options.close();
        rocks.releaseSnapshot(snapshot);
        snapshot.close();
    }
}
