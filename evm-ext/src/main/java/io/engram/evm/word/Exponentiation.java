package io.engram.evm.word;

/** Powers of words modulo 2^256. */
public final class Exponentiation {

    /** Longs of scratch space. */
    public static final int SCRATCH = 12;

    private Exponentiation() {}

    /** {@code r = base^exponent mod 2^256}, with 0^0 = 1, by square and multiply from the top bit. */
    public static void exp(long[] s, int base, int exponent, int r, int t) {
        int bits = 256 - Words.leadingZeros(s, exponent);
        if (bits == 0) {
            Words.set(s, r, 1);
            return;
        }
        int acc = t;
        int b = t + 4;
        int e = t + 8;
        System.arraycopy(s, base, s, acc, 4);
        System.arraycopy(s, base, s, b, 4);
        System.arraycopy(s, exponent, s, e, 4);
        for (int i = bits - 2; i >= 0; i--) {
            Words.square(s, acc, acc);
            if ((s[e + (i >>> 6)] >>> (i & 63) & 1) != 0) {
                Words.mul(s, acc, b, acc);
            }
        }
        System.arraycopy(s, acc, s, r, 4);
    }
}
