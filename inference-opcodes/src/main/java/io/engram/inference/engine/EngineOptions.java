package io.engram.inference.engine;

/**
 * What an engine may use.
 *
 * @param cacheBytes memory of models that stay loaded and prepared; the model used last stays even when it alone takes
 *     more
 * @param memoBytes memory of remembered results; 0 remembers nothing
 * @param runningBytes peak memory of the inferences that run at once; one alone may take more, and a block's never wait
 * @param threads samples of one call that are computed at once
 */
public record EngineOptions(long cacheBytes, long memoBytes, long runningBytes, int threads) {

    /** Default of {@link #cacheBytes}, or a quarter of the heap where that is less. */
    public static final long CACHE_BYTES = 1L << 30;

    /** Default of {@link #memoBytes}. */
    public static final long MEMO_BYTES = 64L << 20;

    /** Default of {@link #runningBytes}, or a quarter of the heap where that is less. */
    public static final long RUNNING_BYTES = 1L << 30;

    /** Most samples that one call may have computed at once. */
    public static final int MAX_THREADS = 256;

    /** For the heap of this process, with one thread. */
    public static final EngineOptions DEFAULT =
            new EngineOptions(withinHeap(CACHE_BYTES), MEMO_BYTES, withinHeap(RUNNING_BYTES), 1);

    public EngineOptions {
        if (cacheBytes < 0 || memoBytes < 0 || runningBytes < 0) {
            throw new IllegalArgumentException("a negative amount of memory");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads from 1 to " + MAX_THREADS + ", not " + threads);
        }
    }

    private static long withinHeap(long bytes) {
        return Math.min(bytes, Runtime.getRuntime().maxMemory() / 4);
    }

    public EngineOptions withCacheBytes(long bytes) {
        return new EngineOptions(bytes, memoBytes, runningBytes, threads);
    }

    public EngineOptions withMemoBytes(long bytes) {
        return new EngineOptions(cacheBytes, bytes, runningBytes, threads);
    }

    public EngineOptions withThreads(int count) {
        return new EngineOptions(cacheBytes, memoBytes, runningBytes, count);
    }
}
