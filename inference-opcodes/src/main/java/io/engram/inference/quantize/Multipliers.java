package io.engram.inference.quantize;

import io.engram.inference.operator.Rescale;
import java.math.BigInteger;

/** Multipliers as fine as the proof of an operator lets them be. */
public final class Multipliers {

    private static final int MAX_BITS = 31;
    private static final int MAX_PRODUCT_BITS = 62;

    private Multipliers() {}

    /**
     * {@code M·2^−s} near {@code ratio} with {@code bound·M + 2^(s−1) < 2^63}.
     *
     * @param bound on the magnitude of what is multiplied
     * @throws ArithmeticException if no shift from 1 to 62 can express it
     */
    public static Rescale of(double ratio, BigInteger bound) {
        int bits = Math.min(MAX_BITS, MAX_PRODUCT_BITS - bound.bitLength());
        int shift = Math.min(bits - 1 - Math.getExponent(ratio), Rescale.MAX_SHIFT);
        long multiplier = StrictMath.round(StrictMath.scalb(ratio, shift));
        if (multiplier >> bits != 0) {
            multiplier >>= 1;
            shift--;
        }
        if (bits < 2 || shift < 1 || !Double.isFinite(ratio)) {
            throw new ArithmeticException("scales too far apart: ratio " + ratio);
        }
        return new Rescale((int) multiplier, shift);
    }

    public static Rescale of(double ratio, long bound) {
        return of(ratio, BigInteger.valueOf(bound));
    }
}
