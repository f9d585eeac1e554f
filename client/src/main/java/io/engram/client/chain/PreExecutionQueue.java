package io.engram.client.chain;

import io.engram.genesis.Hash;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Transactions that wait to be run ahead, and what may be spent on them before the next block. Each is taken once; those
 * that the budget did not suffice for may come again in the next period. Thread-safe.
 */
final class PreExecutionQueue {

    /** Transactions that wait. */
    static final int MAX_WAITING = 1_024;

    /** Transactions that are known to have been taken. */
    private static final int MAX_KNOWN = 16_384;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SequencedSet<Hash> waiting = new LinkedHashSet<>();
    private final SequencedSet<Hash> known = new LinkedHashSet<>();
    private long gas;
    private long inferenceGas;
    private long dropped;
    private boolean closed;

    /**
     * A transaction that is to be run.
     *
     * @param gas left of the period's
     * @param inferenceGas left of the period's
     */
    record Turn(Hash hash, long gas, long inferenceGas) {}

    void newPeriod(long gasBudget, long inferenceGasBudget) {
        lock.lock();
        try {
            gas = gasBudget;
            inferenceGas = inferenceGasBudget;
        } finally {
            lock.unlock();
        }
    }

    /** Does nothing for one that was taken already. */
    void offer(Hash hash) {
        lock.lock();
        try {
            if (known.contains(hash) || waiting.contains(hash)) {
                return;
            }
            if (waiting.size() >= MAX_WAITING) {
                dropped++;
                return;
            }
            waiting.add(hash);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next one; empty when the queue is closed. */
    Optional<Turn> take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            if (closed) {
                return Optional.empty();
            }
            Hash next = waiting.removeFirst();
            known.add(next);
            Iterator<Hash> eldest = known.iterator();
            while (known.size() > MAX_KNOWN) {
                eldest.next();
                eldest.remove();
            }
            return Optional.of(new Turn(next, gas, inferenceGas));
        } finally {
            lock.unlock();
        }
    }

    /** The transaction was not run and may be offered again. */
    void putOff(Hash hash) {
        lock.lock();
        try {
            known.remove(hash);
        } finally {
            lock.unlock();
        }
    }

    void spend(long gasUsed, long inferenceGasUsed) {
        lock.lock();
        try {
            gas -= gasUsed;
            inferenceGas -= inferenceGasUsed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
