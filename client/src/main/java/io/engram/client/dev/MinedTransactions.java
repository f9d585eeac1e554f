package io.engram.client.dev;

import io.engram.client.chain.ChainEvent;
import io.engram.client.chain.ChainStore;
import io.engram.client.pool.AddResult;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Hash;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a sender wait until its transaction is in a block, as callers of instant networks expect. Thread-safe. */
public final class MinedTransactions {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final ChainStore store;
    private final TransactionPool pool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    public MinedTransactions(ChainStore store, TransactionPool pool) {
        this.store = store;
        this.pool = pool;
    }

    /** To be told of every change of the head. */
    public void onChange(ChainEvent event) {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the transaction is in a block, has left the pool, cannot be executed yet, or time is up. */
    public void await(AddResult.Added added) {
        if (!added.pending()) {
            return;
        }
        Hash hash = added.transaction().hash();
        long left = PATIENCE_NANOS;
        lock.lock();
        try {
            while (left > 0
                    && store.transaction(hash).isEmpty()
                    && pool.transaction(hash).isPresent()) {
                // Not every reason to leave the pool makes a block, hence the short waits.
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
                long unused = changed.awaitNanos(slice);
                left -= slice - Math.max(0, unused);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
