package io.engram.inference.engine.natives;

import java.util.Optional;

/**
 * How the native back end works. No choice changes results.
 *
 * @param threads that a step is split over, the caller's included, 1 to {@value #MAX_THREADS}
 * @param hashThread whether one more thread hashes results while the next steps are computed
 * @param tier name of the instructions to use; empty for the best that this processor has
 * @param hasher name of the SHA-256 to use; empty for the best
 * @param splitWork multiply–accumulates, or what takes as long, from which on a step is split over threads
 */
public record NativeOptions(
        int threads, boolean hashThread, Optional<String> tier, Optional<String> hasher, long splitWork) {

    public static final int MAX_THREADS = 256;

    /** A few microseconds, ten times what starting the other threads on a step takes. */
    public static final long SPLIT_WORK = 1 << 20;

    /** Names a tier, for tests and measurements. */
    public static final String TIER_PROPERTY = "engram.native.tier";

    public NativeOptions {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads from 1 to " + MAX_THREADS + ", not " + threads);
        }
    }

    /** So many threads, the best instructions or those that {@value #TIER_PROPERTY} names. */
    public static NativeOptions ofThreads(int threads) {
        return new NativeOptions(
                threads, false, Optional.ofNullable(System.getProperty(TIER_PROPERTY)), Optional.empty(), SPLIT_WORK);
    }

    public NativeOptions withHashThread() {
        return new NativeOptions(threads, true, tier, hasher, splitWork);
    }

    public NativeOptions withTier(String name) {
        return new NativeOptions(threads, hashThread, Optional.of(name), hasher, splitWork);
    }

    public NativeOptions withHasher(String name) {
        return new NativeOptions(threads, hashThread, tier, Optional.of(name), splitWork);
    }

    public NativeOptions withSplitWork(long work) {
        return new NativeOptions(threads, hashThread, tier, hasher, work);
    }

    /** Threads beside the caller's. */
    int helpers() {
        return threads - 1 + (hashThread ? 1 : 0);
    }
}
