package io.engram.inference.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Bounds the memory of the inferences that run at once by their peak memory. Those that a block waits for never wait here
 * themselves: blocks are executed by few threads. Thread-safe.
 */
final class MemoryGate {

    private static final long POLL_MILLIS = 5;

    private final long limit;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition freed = lock.newCondition();
    private long used;
    private int urgentRunning;

    MemoryGate(long limit) {
        this.limit = limit;
    }

    /**
     * Runs {@code work} when there is room for it, or at once when it is urgent, also if it becomes so while it waits.
     *
     * @throws CancelledException when the demand is cancelled while it waits
     */
    <T> T pass(long bytes, Flight flight, Demand demand, Supplier<T> work) {
        boolean urgent = enter(bytes, flight, demand);
        try {
            return work.get();
        } finally {
            leave(bytes, urgent);
        }
    }

    private boolean enter(long bytes, Flight flight, Demand demand) {
        boolean interrupted = false;
        lock.lock();
        try {
            while (!admits(bytes, flight.isUrgent(), demand.priority())) {
                demand.cancellation().check();
                try {
                    boolean _ = freed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            boolean urgent = flight.isUrgent();
            used += bytes;
            urgentRunning += urgent ? 1 : 0;
            return urgent;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean admits(long bytes, boolean urgent, Demand.Priority priority) {
        if (urgent) {
            return true;
        }
        boolean staysBack = priority == Demand.Priority.AHEAD && urgentRunning > 0;
        return !staysBack && (used == 0 || used + bytes <= limit);
    }

    private void leave(long bytes, boolean urgent) {
        lock.lock();
        try {
            used -= bytes;
            urgentRunning -= urgent ? 1 : 0;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
