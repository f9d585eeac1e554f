package io.engram.inference.engine.reference;

/** The square root of whole numbers. */
public final class IntegerRoot {

    private IntegerRoot() {}

    /** The largest whole number whose square is at most {@code value}; 0 ≤ value < 2^62. */
    public static long floor(long value) {
        if (value < 0 || value >= 1L << 62) {
            throw new IllegalArgumentException("the root of " + value);
        }
        long rest = value;
        long root = 0;
        // One binary digit of the root at a time, the highest first.
        for (long bit = 1L << 60; bit != 0; bit >>= 2) {
            if (rest >= root + bit) {
                rest -= root + bit;
                root = (root >> 1) + bit;
            } else {
                root >>= 1;
            }
        }
        return root;
    }
}
