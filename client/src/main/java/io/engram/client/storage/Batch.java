package io.engram.client.storage;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Writes that happen together or not at all; of two writes to one key the later counts. For one thread. */
public final class Batch implements AutoCloseable {

    private final Database database;
    private final WriteBatch batch = new WriteBatch();

    Batch(Database database) {
        this.database = database;
    }

    public void put(Column column, byte[] key, byte[] value) {
        long stamp = database.enter();
        try {
            batch.put(database.handle(column), key, value);
        } catch (RocksDBException e) {
            throw new DatabaseException("cannot prepare a write: " + e.getMessage(), e);
        } finally {
            database.leave(stamp);
        }
    }

    public void delete(Column column, byte[] key) {
        long stamp = database.enter();
        try {
            batch.delete(database.handle(column), key);
        } catch (RocksDBException e) {
            throw new DatabaseException("cannot prepare a write: " + e.getMessage(), e);
        } finally {
            database.leave(stamp);
        }
    }

    /** Writes everything put so far; the batch is spent afterwards. */
    public void commit(Durability durability) {
        database.write(batch, durability);
    }

    @Override
    public void close() {
        batch.close();
    }
}
