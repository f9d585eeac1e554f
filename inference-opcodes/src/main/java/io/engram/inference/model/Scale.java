package io.engram.inference.model;

/**
 * The real number {@code mantissa · 2^exponent} that one integer unit stands for. Information for callers; no operator
 * uses it.
 *
 * @param mantissa 1 to 2^31 − 1
 * @param exponent −128 to 127
 */
public record Scale(int mantissa, int exponent) {

    public static final Scale ONE = new Scale(1, 0);

    public Scale {
        if (mantissa < 1 || exponent < Byte.MIN_VALUE || exponent > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("scale " + mantissa + "·2^" + exponent);
        }
    }

    /** The nearest double, for display and for quantising images. */
    public double toDouble() {
        return StrictMath.scalb((double) mantissa, exponent);
    }
}
