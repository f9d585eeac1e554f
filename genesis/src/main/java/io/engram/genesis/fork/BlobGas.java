package io.engram.genesis.fork;

import io.engram.genesis.Wei;
import java.math.BigInteger;

/** The market for blob gas (EIP-4844, EIP-7691, EIP-7918). Pure functions. */
public final class BlobGas {

    public static final long GAS_PER_BLOB = 1L << 17;

    private static final BigInteger MIN_BASE_FEE = BigInteger.ONE;
    private static final BigInteger GAS = BigInteger.valueOf(GAS_PER_BLOB);
    /** EIP-7918: execution gas that a blob is held to cost at least. */
    private static final BigInteger BLOB_BASE_COST = BigInteger.valueOf(1L << 13);
    /** Bound of the price, so that an absurd excess ends; no balance can pay as much. */
    private static final BigInteger MAX_PRICE = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

    private BlobGas() {}

    /** Wei per unit of blob gas in a block whose header carries {@code excessBlobGas}. At most 2^256 − 1. */
    public static Wei baseFee(long excessBlobGas, BlobSchedule schedule) {
        return Wei.of(price(excessBlobGas, schedule));
    }

    /**
     * The excess blob gas of a block from its parent's header.
     *
     * @param fork the block's own
     * @param schedule the block's own
     * @param parentExcess 0 where the parent has none
     * @param parentUsed 0 where the parent has none
     */
    public static long excess(Fork fork, BlobSchedule schedule, long parentExcess, long parentUsed, Wei parentBaseFee) {
        long sum = Math.addExact(parentExcess, parentUsed);
        if (sum < schedule.targetGas()) {
            return 0;
        }
        if (fork.isAtLeast(Fork.OSAKA)) {
            BigInteger reserve = BLOB_BASE_COST.multiply(parentBaseFee.toBigInteger());
            if (reserve.compareTo(GAS.multiply(price(parentExcess, schedule))) > 0) {
                BigInteger grown = BigInteger.valueOf(parentUsed)
                        .multiply(BigInteger.valueOf(schedule.max() - schedule.target()))
                        .divide(BigInteger.valueOf(Math.max(1, schedule.max())));
                return Math.addExact(parentExcess, grown.longValueExact());
            }
        }
        return sum - schedule.targetGas();
    }

    private static BigInteger price(long excessBlobGas, BlobSchedule schedule) {
        return fakeExponential(
                MIN_BASE_FEE, BigInteger.valueOf(excessBlobGas), BigInteger.valueOf(schedule.baseFeeUpdateFraction()));
    }

    /** factor · e^(numerator / denominator) by the integer Taylor sum of EIP-4844. */
    static BigInteger fakeExponential(BigInteger factor, BigInteger numerator, BigInteger denominator) {
        BigInteger limit = MAX_PRICE.multiply(denominator);
        BigInteger output = BigInteger.ZERO;
        BigInteger term = factor.multiply(denominator);
        for (long i = 1; term.signum() > 0; i++) {
            output = output.add(term);
            if (output.compareTo(limit) >= 0) {
                return MAX_PRICE;
            }
            term = term.multiply(numerator).divide(denominator.multiply(BigInteger.valueOf(i)));
        }
        return output.divide(denominator);
    }
}
