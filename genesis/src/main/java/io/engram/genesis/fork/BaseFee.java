package io.engram.genesis.fork;

import io.engram.genesis.Wei;
import java.math.BigInteger;

/** How a chain sets the base fee of its blocks from London on. */
public enum BaseFee {
    /** EIP-1559. */
    MARKET,
    /** Besu's {@code zeroBaseFee}: always 0. */
    ZERO,
    /** Besu's {@code fixedBaseFee}: every block's is its parent's, so the genesis block sets it. */
    FIXED;

    /** The base fee of the first London block of a chain that began earlier. */
    public static final Wei INITIAL = Wei.of(1_000_000_000L);

    /** The gas limit is this many times the target. */
    public static final long ELASTICITY = 2;

    private static final BigInteger CHANGE_DENOMINATOR = BigInteger.valueOf(8);

    /** The base fee of the block at which London activates, or of genesis where none is given. */
    public Wei initial() {
        return this == ZERO ? Wei.ZERO : INITIAL;
    }

    /** The base fee of a block whose parent has one. */
    public Wei next(Wei parentBaseFee, long parentGasUsed, long parentGasLimit) {
        return switch (this) {
            case MARKET -> market(parentBaseFee, parentGasUsed, parentGasLimit / ELASTICITY);
            case ZERO -> Wei.ZERO;
            case FIXED -> parentBaseFee;
        };
    }

    private static Wei market(Wei parentBaseFee, long gasUsed, long target) {
        if (gasUsed == target || target == 0) {
            return parentBaseFee;
        }
        BigInteger parent = parentBaseFee.toBigInteger();
        BigInteger delta = parent.multiply(BigInteger.valueOf(Math.abs(gasUsed - target)))
                .divide(BigInteger.valueOf(target))
                .divide(CHANGE_DENOMINATOR);
        return Wei.of(gasUsed > target ? parent.add(delta.max(BigInteger.ONE)) : parent.subtract(delta));
    }
}
