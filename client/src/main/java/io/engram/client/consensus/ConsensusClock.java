package io.engram.client.consensus;

/** Time as consensus sees it; a simulation replaces it by a virtual one. */
public interface ConsensusClock {

    /** Milliseconds since 1970. */
    long nowMillis();

    /** Runs {@code task} once at the given time or as soon as possible after it, on the clock's own thread. */
    Timer schedule(long atMillis, Runnable task);

    /** A task that waits for its time. */
    interface Timer {
        /** The task will not start any more; one that already runs goes on. */
        void cancel();
    }
}
