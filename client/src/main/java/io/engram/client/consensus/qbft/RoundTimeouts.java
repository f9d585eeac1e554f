package io.engram.client.consensus.qbft;

import io.engram.genesis.config.QbftConfig;

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

    /** The cap of the options, but never less than the genesis file's first round. */
    public static RoundTimeouts of(QbftConfig config, QbftOptions options) {
        long base = config.requestTimeoutSeconds() * 1_000;
        return new RoundTimeouts(base, Math.max(base, options.roundTimeoutCapMillis()));
    }

    /**
     * Whether blocks can be verified within the cap with room to spare.
     *
     * @param verificationMillis the longest that verifying a block took here
     */
    public boolean leavesRoomFor(long verificationMillis) {
        return capMillis >= VERIFICATIONS_IN_CAP * verificationMillis;
    }

    public long millis(int round) {
        int shift = Math.min(round, Long.numberOfLeadingZeros(baseMillis) - 2);
        return Math.min(capMillis, baseMillis << shift);
    }
}
