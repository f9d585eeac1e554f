package io.engram.client.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Repeats work and tells the CPU time and memory that the calling thread spent on it. Used by one thread. */
final class CpuMeter {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Runs between two looks at the clock take at least so long. */
    private static final long SLICE_NANOS = NANOS_PER_MILLI;

    private static final int MAX_SLICE = 1 << 20;
    private static final int ROUNDS = 5;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Does the work so many times; the loop is its own, so that the meter adds nothing to a short run. */
    @FunctionalInterface
    interface Work {
        void run(int times);
    }

    /**
     * What was spent.
     *
     * @param nanos of CPU time, at least 1
     * @param bytes allocated
     */
    record Total(long runs, long nanos, long bytes) {

        double nanosPerRun() {
            return nanos / (double) runs;
        }

        double bytesPerRun() {
            return bytes / (double) runs;
        }
    }

    /** CPU time of the calling thread. */
    long nanos() {
        return threads.getCurrentThreadCpuTime();
    }

    /** Repeats the work until so many milliseconds of CPU time are spent, at least once. */
    Total repeat(Work work, long millis) {
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long begun = nanos();
        long now = begun;
        long runs = 0;
        int slice = 1;
        do {
            work.run(slice);
            runs += slice;
            long before = now;
            now = nanos();
            if (now - before < SLICE_NANOS && slice < MAX_SLICE) {
                slice *= 2;
            }
        } while (now - begun < millis * NANOS_PER_MILLI);
        return new Total(runs, Math.max(1, now - begun), threads.getCurrentThreadAllocatedBytes() - bytes);
    }

    /** Nanoseconds of one run: the median of some rounds of {@code millis} in all, after as much for warming up. */
    double medianNanos(Work work, long millis) {
        repeat(work, millis);
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = repeat(work, millis / ROUNDS).nanosPerRun();
        }
        Arrays.sort(rounds);
        return median(rounds);
    }

    /** Of sorted values, at least one. */
    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
