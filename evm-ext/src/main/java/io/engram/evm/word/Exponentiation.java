package io.engram.evm.word;

/** Powers of words modulo 2^256. */
public final class Exponentiation {

    /** Longs of scratch space. */
    public static final int SCRATCH = 40;

    private static final int WINDOW = 3;

    /** Bits of the exponent from which a table of small powers saves more products than it costs. */
    private static final int WINDOWS_FROM = 33;

    private Exponentiation() {}

    /** {@code r = base^exponent mod 2^256}, with 0^0 = 1. */
    public static void exp(long[] s, int base, int exponent, int r, int t) {
        int bits = 256 - Words.leadingZeros(s, exponent);
        if (bits == 0) {
            Words.set(s, r, 1);
        } else if (s[base] == 2 && (s[base + 1] | s[base + 2] | s[base + 3]) == 0) {
            powerOfTwo(s, exponent, bits, r);
        } else if (bits < WINDOWS_FROM) {
            byBits(s, base, s[exponent], bits, r, t);
        } else {
            byWindows(s, base, exponent, bits, r, t);
        }
    }

    private static void powerOfTwo(long[] s, int exponent, int bits, int r) {
        int shift = bits > 8 ? 256 : (int) s[exponent];
        Words.set(s, r, 0);
        if (shift < 256) {
            s[r + (shift >>> 6)] = 1L << shift;
        }
    }

    /** Square and multiply from the top bit. */
    private static void byBits(long[] s, int base, long exponent, int bits, int r, int t) {
        int acc = t;
        int b = t + 4;
        System.arraycopy(s, base, s, acc, 4);
        System.arraycopy(s, base, s, b, 4);
        for (int i = bits - 2; i >= 0; i--) {
            square(s, acc, 1);
            if ((exponent >>> i & 1) != 0) {
                Words.mul(s, acc, b, acc);
            }
        }
        System.arraycopy(s, acc, s, r, 4);
    }

    /** By windows of {@link #WINDOW} bits; also those of zeros take a product, as no branch can guess them. */
    private static void byWindows(long[] s, int base, int exponent, int bits, int r, int t) {
        int e = t;
        int acc = t + 4;
        int powers = t + 8;
        System.arraycopy(s, exponent, s, e, 4);
        Words.set(s, powers, 1);
        System.arraycopy(s, base, s, powers + 4, 4);
        for (int i = 2; i < 1 << WINDOW; i++) {
            Words.mul(s, powers + 4 * (i - 1), powers + 4, powers + 4 * i);
        }
        int at = (bits - 1) / WINDOW * WINDOW;
        System.arraycopy(s, powers + 4 * window(s, e, at), s, acc, 4);
        while (at > 0) {
            at -= WINDOW;
            square(s, acc, WINDOW);
            Words.mul(s, acc, powers + 4 * window(s, e, at), acc);
        }
        System.arraycopy(s, acc, s, r, 4);
    }

    private static int window(long[] s, int exponent, int at) {
        int limb = exponent + (at >>> 6);
        long bits = s[limb] >>> at;
        if ((at & 63) > 64 - WINDOW && at < 192) {
            bits |= s[limb + 1] << -at;
        }
        return (int) bits & (1 << WINDOW) - 1;
    }

    /** Squares the word at {@code a} so many times. */
    private static void square(long[] s, int a, int times) {
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long a3 = s[a + 3];
        for (int i = 0; i < times; i++) {
            // Products of different limbs, which count twice
            long p1 = a0 * a1;
            long p2 = Math.unsignedMultiplyHigh(a0, a1);
            long lo = a0 * a2;
            p2 += lo;
            long p3 = Words.less(p2, lo) + Math.unsignedMultiplyHigh(a0, a2) + a0 * a3 + a1 * a2;
            p3 = p3 << 1 | p2 >>> 63;
            p2 = p2 << 1 | p1 >>> 63;
            p1 <<= 1;
            long r1 = Math.unsignedMultiplyHigh(a0, a0) + p1;
            long c = Words.less(r1, p1);
            lo = a1 * a1;
            long hi = Math.unsignedMultiplyHigh(a1, a1);
            long r2 = p2 + lo;
            hi += Words.less(r2, lo);
            r2 += c;
            hi += Words.less(r2, c);
            a0 *= a0;
            a1 = r1;
            a2 = r2;
            a3 = p3 + hi;
        }
        Words.set(s, a, a0, a1, a2, a3);
    }
}
