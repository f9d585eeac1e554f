package io.engram.inference.engine.cuda;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Weights that lie in a device's memory, those not used for longest dropped first. The device's thread only. A model that
 * nobody holds any more is not used, so it goes when room is needed.
 */
final class Resident {

    private static final AtomicLong NUMBERS = new AtomicLong();

    /**
     * A model's constants under a number of their own.
     *
     * @param content in this machine's memory
     */
    record Weights(long number, MemorySegment content) {
        static Weights of(MemorySegment content) {
            return new Weights(NUMBERS.getAndIncrement(), content);
        }
    }

    private static final class Entry {
        private final long address;
        private final long bytes;
        private int users;

        Entry(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }
    }

    private final Driver driver;
    private final Budget budget;
    private final Duration timeLimit;
    private final LinkedHashMap<Long, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** @param timeLimit of one upload */
    Resident(Driver driver, Budget budget, Duration timeLimit) {
        this.driver = driver;
        this.budget = budget;
        this.timeLimit = timeLimit;
    }

    /**
     * Brings the weights to the device if they are not there, and keeps them until {@link #release}.
     *
     * @param stream does the copy; other streams may use it once this returns
     */
    long use(Weights weights, Driver.Stream stream) {
        Entry known = entries.get(weights.number);
        if (known == null) {
            long bytes = weights.content.byteSize();
            known = new Entry(budget.allocate(bytes, this::drop), bytes);
            entries.put(weights.number, known);
            driver.upload(known.address, weights.content, stream);
            await(stream);
        }
        known.users++;
        return known.address;
    }

    private void await(Driver.Stream stream) {
        long start = System.nanoTime();
        while (!driver.isDone(stream)) {
            if (System.nanoTime() - start > timeLimit.toNanos()) {
                throw new CudaException("upload of weights", "takes longer than " + timeLimit);
            }
            Thread.onSpinWait();
        }
    }

    void release(Weights weights) {
        Entry known = entries.get(weights.number);
        if (known != null) {
            known.users--;
        }
    }

    /** Frees what was not used for longest. @return false when all are in use */
    boolean drop() {
        for (Iterator<Entry> eldest = entries.values().iterator(); eldest.hasNext(); ) {
            Entry entry = eldest.next();
            if (entry.users == 0) {
                eldest.remove();
                budget.free(entry.address, entry.bytes);
                return true;
            }
        }
        return false;
    }
}
