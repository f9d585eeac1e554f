package io.engram.genesis.fork;

import java.math.BigInteger;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The difficulty of a proof-of-work block, Frontier to Gray Glacier (yellow paper 4.3.4; EIP-2, 100, 649, 1234, 2384,
 * 3554, 4345, 5133). Pure functions.
 */
public final class Difficulty {

    private static final BigInteger MINIMUM = BigInteger.valueOf(131_072);
    private static final BigInteger BOUND_DIVISOR = BigInteger.valueOf(2_048);
    private static final long BOMB_PERIOD = 100_000;
    private static final long MAX_DECREASE = -99;

    private Difficulty() {}

    /**
     * The difficulty of block {@code number}. Defined for a block at the time of its parent too, which the header rules
     * refuse whatever its difficulty.
     *
     * @param fork the block's own
     * @param bombDelay blocks by which the block's rules hold the difficulty bomb back ({@link ForkSchedule#bombDelay})
     * @param parentHasOmmers looked at from Byzantium on
     * @throws ArithmeticException when the block is earlier than its parent or the result exceeds 256 bits
     */
    public static UInt256 next(
            Fork fork,
            long bombDelay,
            long number,
            long timestamp,
            UInt256 parentDifficulty,
            long parentTimestamp,
            boolean parentHasOmmers) {
        long elapsed = Math.subtractExact(timestamp, parentTimestamp);
        if (elapsed < 0) {
            throw new ArithmeticException("a block " + elapsed + " s after its parent");
        }
        long steps;
        if (fork.isAtLeast(Fork.BYZANTIUM)) {
            steps = Math.max((parentHasOmmers ? 2 : 1) - elapsed / 9, MAX_DECREASE);
        } else if (fork.isAtLeast(Fork.HOMESTEAD)) {
            steps = Math.max(1 - elapsed / 10, MAX_DECREASE);
        } else {
            steps = elapsed < 13 ? 1 : -1;
        }
        BigInteger parent = parentDifficulty.toUnsignedBigInteger();
        BigInteger difficulty = parent.add(parent.divide(BOUND_DIVISOR).multiply(BigInteger.valueOf(steps)))
                .add(bomb(Math.max(0, number - bombDelay)));
        return UInt256.valueOf(difficulty.max(MINIMUM));
    }

    private static BigInteger bomb(long number) {
        long period = number / BOMB_PERIOD;
        if (period <= 1) {
            return BigInteger.ZERO;
        }
        if (period > 258) {
            throw new ArithmeticException("the difficulty bomb exceeds 256 bits");
        }
        return BigInteger.TWO.pow((int) period - 2);
    }
}
