package io.engram.client.chain;

/** How far a block's gas limit may lie from its parent's (yellow paper, 4.4.4; EIP-1559). */
public final class GasLimitRule {

    public static final long MINIMUM = 5_000;
    private static final long DIVISOR = 1_024;

    private GasLimitRule() {}

    /** @param parentLimit of the parent, times the elasticity multiplier at the London block */
    static void check(long limit, long parentLimit) throws InvalidBlockException {
        if (limit < MINIMUM) {
            throw new InvalidBlockException("gas limit is " + limit + ", expected at least " + MINIMUM);
        }
        long bound = parentLimit / DIVISOR;
        if (Math.abs(limit - parentLimit) >= bound) {
            throw new InvalidBlockException("gas limit is " + limit + ", expected less than " + bound
                    + " away from the parent's " + parentLimit);
        }
    }

    /** The allowed limit that is nearest to {@code target}. */
    public static long towards(long target, long parentLimit) {
        long step = Math.max(0, parentLimit / DIVISOR - 1);
        long nearest = Math.clamp(target, parentLimit - step, parentLimit + step);
        return Math.max(MINIMUM, nearest);
    }
}
