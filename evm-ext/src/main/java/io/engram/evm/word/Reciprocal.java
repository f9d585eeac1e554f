package io.engram.evm.word;

import static io.engram.evm.word.Words.less;

/**
 * Reciprocals that turn division by a limb, or by two, into multiplication: Möller and Granlund, "Improved division by
 * invariant integers" (2011). Java has no division of two limbs by one.
 */
final class Reciprocal {

    private static final int[] START = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            START[i] = ((1 << 19) - 3 * (1 << 8)) / (256 + i);
        }
    }

    private Reciprocal() {}

    /** {@code floor((2^192 - 1) / (d1 · 2^64 + d0)) - 2^64} for a divisor with its top bit set; algorithm 6. */
    static long of(long d1, long d0) {
        long v = of(d1);
        long p = d1 * v + d0;
        if (Long.compareUnsigned(p, d0) < 0) {
            v--;
            if (Long.compareUnsigned(p, d1) >= 0) {
                v--;
                p -= d1;
            }
            p -= d1;
        }
        long hi = Math.unsignedMultiplyHigh(v, d0);
        long lo = v * d0;
        p += hi;
        if (Long.compareUnsigned(p, hi) < 0) {
            v--;
            if (Long.compareUnsigned(p, d1) > 0 || (p == d1 && Long.compareUnsigned(lo, d0) >= 0)) {
                v--;
            }
        }
        return v;
    }

    /** {@code floor((2^128 - 1) / d) - 2^64} for a divisor with its top bit set. */
    static long of(long d) {
        long v0 = START[(int) (d >>> 55) - 256];
        long d40 = (d >>> 24) + 1;
        long v1 = (v0 << 11) - ((v0 * v0 * d40) >>> 40) - 1;
        long v2 = (v1 << 13) + ((v1 * ((1L << 60) - v1 * d40)) >>> 47);
        long odd = d & 1;
        long d63 = (d >>> 1) + odd;
        long e = ((v2 >>> 1) & -odd) - v2 * d63;
        long v3 = (v2 << 31) + (Math.unsignedMultiplyHigh(v2, e) >>> 1);
        long lo = v3 * d + d;
        return v3 - (Math.unsignedMultiplyHigh(v3, d) + d + less(lo, d));
    }
}
