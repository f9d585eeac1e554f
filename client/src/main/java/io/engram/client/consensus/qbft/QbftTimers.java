package io.engram.client.consensus.qbft;

/** Time, and a reminder of each kind. */
public interface QbftTimers {

    enum Kind {
        /** The next block may be made. */
        BLOCK,
        /** The present round has lasted too long. */
        ROUND
    }

    /** Milliseconds since 1970. */
    long nowMillis();

    /**
     * Hands in {@link QbftEvent.TimerFired} with this token at the given time or as soon as possible after it. Takes
     * the place of the reminder of the same kind that was asked for before; one that comes all the same is ignored.
     */
    void schedule(Kind kind, long token, long atMillis);
}
