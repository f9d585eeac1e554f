package io.engram.client.sync;

import io.engram.genesis.block.Block;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.EthPeer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks between download and execution, in the order of the chain. Whoever puts waits while {@link SyncLimits#BUFFERED_BYTES} are
 * waiting. When a block cannot be imported, {@link #reset} throws away what follows it. Thread-safe.
 */
final class BlockBuffer {

    /** About what a block takes beside its transactions. */
    private static final int FIXED_BYTES = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Fetched> blocks = new ArrayDeque<>();
    private long bytes;
    private long generation;
    private boolean importing;

    /** @param source the peer to hold responsible */
    record Fetched(Block block, EthPeer source) {

        long bytes() {
            long size = FIXED_BYTES;
            for (Transaction transaction : block.body().transactions()) {
                size += transaction.encoded().size();
            }
            return size;
        }
    }

    /** Changes with every {@link #reset}. */
    long generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /** @return false, and nothing is put, when the buffer was reset since {@code expected} */
    boolean put(Fetched block, long expected) throws InterruptedException {
        lock.lock();
        try {
            while (generation == expected && bytes > SyncLimits.BUFFERED_BYTES) {
                changed.await();
            }
            if (generation != expected) {
                return false;
            }
            blocks.add(block);
            bytes += block.bytes();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Puts unless too many wait already. */
    boolean offer(Fetched block) {
        lock.lock();
        try {
            if (blocks.size() >= SyncLimits.ANNOUNCED_BLOCKS || bytes > SyncLimits.BUFFERED_BYTES) {
                return false;
            }
            blocks.add(block);
            bytes += block.bytes();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next block; until {@link #done} it counts as being imported. */
    Fetched take() throws InterruptedException {
        lock.lock();
        try {
            while (blocks.isEmpty()) {
                changed.await();
            }
            Fetched next = blocks.removeFirst();
            bytes -= next.bytes();
            importing = true;
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    void done() {
        lock.lock();
        try {
            importing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void reset() {
        lock.lock();
        try {
            blocks.clear();
            bytes = 0;
            generation++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything put was imported or thrown away. */
    void awaitEmpty() throws InterruptedException {
        lock.lock();
        try {
            while (!blocks.isEmpty() || importing) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
