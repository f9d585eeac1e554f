package io.engram.client.consensus.qbft;

/**
 * How long rounds last: the base doubles with each round up to a cap, so that a network that could not decide for a while
 * tries again soon after it can.
 */
public record RoundTimeouts(long baseMillis, long capMillis) {

    public static final long DEFAULT_CAP_MILLIS = 60_000;

    /** Protocol F4. */
    private static final int VERIFICATIONS_IN_CAP = 4;

    public RoundTimeouts {
        if (baseMillis <= 0 || capMillis < baseMillis) {
            throw new IllegalArgumentException("round timeouts from " + baseMillis + " to " + capMillis + " ms");
        }
    }

    /**
     * Refuses a cap that could be too short to verify a block in.
     *
     * @param worstVerificationMillis the longest that verifying a full block takes here, as measured
     */
    public void checkAgainst(long worstVerificationMillis) {
        if (capMillis < VERIFICATIONS_IN_CAP * worstVerificationMillis) {
            throw new IllegalArgumentException("the cap of the round timeout is " + capMillis + " ms, and "
                    + VERIFICATIONS_IN_CAP + " times the longest verification, " + worstVerificationMillis
                    + " ms, is more");
        }
    }

    public long millis(int round) {
        int shift = Math.min(round, Long.numberOfLeadingZeros(baseMillis) - 2);
        return Math.min(capMillis, baseMillis << shift);
    }
}
