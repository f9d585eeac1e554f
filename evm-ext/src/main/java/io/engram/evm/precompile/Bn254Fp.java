package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * The prime field of alt_bn128 in Montgomery form, x·2^256 mod p. An element is four limbs of an array, least
 * significant first, always reduced; operands and result may be the same place. Allocates nothing and is thread-safe:
 * every method works on what it is given.
 *
 * <p>The two top bits of p are free, so the rows of a product, and of a sum of two, need no limb beyond the fourth.
 *
 * <p>Sources: Montgomery 1985 (CIOS order of Koç, Acar, Kaliski 1996); Longa 2022, "Efficient algorithms for large
 * prime characteristic fields and their application to bilinear pairings", for the sum of products.
 */
final class Bn254Fp {

    static final int LIMBS = 4;

    static final BigInteger PRIME =
            new BigInteger("21888242871839275222246405745257275088696311157297823662689037894645226208583");

    static final long P0 = 0x3c208c16d87cfd47L;
    static final long P1 = 0x97816a916871ca8dL;
    static final long P2 = 0xb85045b68181585dL;
    static final long P3 = 0x30644e72e131a029L;

    /** -1/p mod 2^64. */
    static final long FACTOR = 0x87d20782e4866389L;

    private static final long[] ONE = Limbs.of(BigInteger.ONE.shiftLeft(256).mod(PRIME));
    private static final long[] SQUARED_RADIX =
            Limbs.of(BigInteger.ONE.shiftLeft(512).mod(PRIME));

    /** q·p mod 2^256 at 4q, for q below 10. */
    private static final long[] MULTIPLES = multiples();

    private Bn254Fp() {}

    private static long[] multiples() {
        long[] multiples = new long[LIMBS * 10];
        for (int q = 0; q < 10; q++) {
            System.arraycopy(Limbs.of(PRIME.multiply(BigInteger.valueOf(q))), 0, multiples, LIMBS * q, LIMBS);
        }
        return multiples;
    }

    /** Writes a constant in Montgomery form; for set-up only. */
    static void set(long[] z, int zo, BigInteger value) {
        System.arraycopy(Limbs.of(value.shiftLeft(256).mod(PRIME)), 0, z, zo, LIMBS);
    }

    static void setOne(long[] z, int zo) {
        copy(z, zo, ONE, 0);
    }

    static void copy(long[] z, int zo, long[] x, int xo) {
        z[zo] = x[xo];
        z[zo + 1] = x[xo + 1];
        z[zo + 2] = x[xo + 2];
        z[zo + 3] = x[xo + 3];
    }

    static boolean isZero(long[] x, int xo) {
        return (x[xo] | x[xo + 1] | x[xo + 2] | x[xo + 3]) == 0;
    }

    static boolean equal(long[] x, int xo, long[] y, int yo) {
        return ((x[xo] ^ y[yo]) | (x[xo + 1] ^ y[yo + 1]) | (x[xo + 2] ^ y[yo + 2]) | (x[xo + 3] ^ y[yo + 3])) == 0;
    }

    /** Reads 32 big-endian bytes into Montgomery form; false, and nothing of use written, unless they are below p. */
    static boolean read(long[] z, int zo, byte[] bytes, int offset) {
        long x3 = (long) Input.BIG_LONG.get(bytes, offset);
        long x2 = (long) Input.BIG_LONG.get(bytes, offset + 8);
        long x1 = (long) Input.BIG_LONG.get(bytes, offset + 16);
        long x0 = (long) Input.BIG_LONG.get(bytes, offset + 24);
        if (!isReduced(x0, x1, x2, x3)) {
            return false;
        }
        z[zo] = x0;
        z[zo + 1] = x1;
        z[zo + 2] = x2;
        z[zo + 3] = x3;
        mul(z, zo, z, zo, SQUARED_RADIX, 0);
        return true;
    }

    /** Writes an element as 32 big-endian bytes. */
    static void write(byte[] bytes, int offset, long[] x, int xo) {
        long[] plain = {1, 0, 0, 0};
        mul(plain, 0, x, xo, plain, 0);
        Input.BIG_LONG.set(bytes, offset, plain[3]);
        Input.BIG_LONG.set(bytes, offset + 8, plain[2]);
        Input.BIG_LONG.set(bytes, offset + 16, plain[1]);
        Input.BIG_LONG.set(bytes, offset + 24, plain[0]);
    }

    private static boolean isReduced(long x0, long x1, long x2, long x3) {
        if (x3 != P3) {
            return Long.compareUnsigned(x3, P3) < 0;
        }
        if (x2 != P2) {
            return Long.compareUnsigned(x2, P2) < 0;
        }
        if (x1 != P1) {
            return Long.compareUnsigned(x1, P1) < 0;
        }
        return Long.compareUnsigned(x0, P0) < 0;
    }

    /** 1 where a sum, already wrapped, passed 2^64: it is then below each of its summands. */
    private static long carry(long sum, long summand) {
        return Long.compareUnsigned(sum, summand) < 0 ? 1 : 0;
    }

    /** 1 where x - y falls below zero. */
    private static long borrow(long x, long y) {
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    }

    /** z = x·y. One operand may be as large as 2p. */
    static void mul(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        long y0 = y[yo];
        long y1 = y[yo + 1];
        long y2 = y[yo + 2];
        long y3 = y[yo + 3];
        long t0 = 0;
        long t1 = 0;
        long t2 = 0;
        long t3 = 0;
        for (int i = 0; i < LIMBS; i++) {
            long a = x[xo + i];
            long low = a * y0;
            long c = Math.unsignedMultiplyHigh(a, y0);
            t0 += low;
            c += carry(t0, low);
            long m = t0 * FACTOR;
            // the lowest word becomes zero, so it carries unless it was
            long r = Math.unsignedMultiplyHigh(m, P0) + (t0 != 0 ? 1 : 0);
            low = a * y1 + c;
            c = Math.unsignedMultiplyHigh(a, y1) + carry(low, c);
            t1 += low;
            c += carry(t1, low);
            low = m * P1 + r;
            r = Math.unsignedMultiplyHigh(m, P1) + carry(low, r);
            t0 = t1 + low;
            r += carry(t0, low);
            low = a * y2 + c;
            c = Math.unsignedMultiplyHigh(a, y2) + carry(low, c);
            t2 += low;
            c += carry(t2, low);
            low = m * P2 + r;
            r = Math.unsignedMultiplyHigh(m, P2) + carry(low, r);
            t1 = t2 + low;
            r += carry(t1, low);
            low = a * y3 + c;
            c = Math.unsignedMultiplyHigh(a, y3) + carry(low, c);
            t3 += low;
            c += carry(t3, low);
            low = m * P3 + r;
            r = Math.unsignedMultiplyHigh(m, P3) + carry(low, r);
            t2 = t3 + low;
            r += carry(t2, low);
            t3 = c + r;
        }
        subtractPrimeOnce(z, zo, t0, t1, t2, t3);
    }

    /** z = x·y + v·w with one reduction; x or v may be p itself. */
    static void mulAdd(long[] z, int zo, long[] x, int xo, long[] y, int yo, long[] v, int vo, long[] w, int wo) {
        long y0 = y[yo];
        long y1 = y[yo + 1];
        long y2 = y[yo + 2];
        long y3 = y[yo + 3];
        long w0 = w[wo];
        long w1 = w[wo + 1];
        long w2 = w[wo + 2];
        long w3 = w[wo + 3];
        long t0 = 0;
        long t1 = 0;
        long t2 = 0;
        long t3 = 0;
        for (int i = 0; i < LIMBS; i++) {
            long a = x[xo + i];
            long b = v[vo + i];
            long low = a * y0;
            long c = Math.unsignedMultiplyHigh(a, y0);
            t0 += low;
            c += carry(t0, low);
            low = b * w0;
            long d = Math.unsignedMultiplyHigh(b, w0);
            t0 += low;
            d += carry(t0, low);
            long m = t0 * FACTOR;
            long r = Math.unsignedMultiplyHigh(m, P0) + (t0 != 0 ? 1 : 0);
            low = a * y1 + c;
            c = Math.unsignedMultiplyHigh(a, y1) + carry(low, c);
            t1 += low;
            c += carry(t1, low);
            low = b * w1 + d;
            d = Math.unsignedMultiplyHigh(b, w1) + carry(low, d);
            t1 += low;
            d += carry(t1, low);
            low = m * P1 + r;
            r = Math.unsignedMultiplyHigh(m, P1) + carry(low, r);
            t0 = t1 + low;
            r += carry(t0, low);
            low = a * y2 + c;
            c = Math.unsignedMultiplyHigh(a, y2) + carry(low, c);
            t2 += low;
            c += carry(t2, low);
            low = b * w2 + d;
            d = Math.unsignedMultiplyHigh(b, w2) + carry(low, d);
            t2 += low;
            d += carry(t2, low);
            low = m * P2 + r;
            r = Math.unsignedMultiplyHigh(m, P2) + carry(low, r);
            t1 = t2 + low;
            r += carry(t1, low);
            low = a * y3 + c;
            c = Math.unsignedMultiplyHigh(a, y3) + carry(low, c);
            t3 += low;
            c += carry(t3, low);
            low = b * w3 + d;
            d = Math.unsignedMultiplyHigh(b, w3) + carry(low, d);
            t3 += low;
            d += carry(t3, low);
            low = m * P3 + r;
            r = Math.unsignedMultiplyHigh(m, P3) + carry(low, r);
            t2 = t3 + low;
            r += carry(t2, low);
            t3 = c + d + r;
        }
        subtractPrimeOnce(z, zo, t0, t1, t2, t3);
    }

    /** Stores t - p where t is p or more, else t. */
    private static void subtractPrimeOnce(long[] z, int zo, long t0, long t1, long t2, long t3) {
        long s0 = t0 - P0;
        long b = borrow(t0, P0);
        long d = t1 - P1;
        long s1 = d - b;
        b = borrow(t1, P1) | borrow(d, b);
        d = t2 - P2;
        long s2 = d - b;
        b = borrow(t2, P2) | borrow(d, b);
        // both are below 2^63: the sign is the borrow
        long s3 = t3 - P3 - b;
        long keep = s3 >> 63;
        z[zo] = s0 ^ ((s0 ^ t0) & keep);
        z[zo + 1] = s1 ^ ((s1 ^ t1) & keep);
        z[zo + 2] = s2 ^ ((s2 ^ t2) & keep);
        z[zo + 3] = s3 ^ ((s3 ^ t3) & keep);
    }

    /** z = x². */
    static void sqr(long[] z, int zo, long[] x, int xo) {
        mul(z, zo, x, xo, x, xo);
    }

    /** z = x + y. */
    static void add(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        long a = y[yo];
        long t0 = x[xo] + a;
        long c = carry(t0, a);
        a = y[yo + 1];
        long s = x[xo + 1] + a;
        long t1 = s + c;
        c = carry(s, a) | carry(t1, c);
        a = y[yo + 2];
        s = x[xo + 2] + a;
        long t2 = s + c;
        c = carry(s, a) | carry(t2, c);
        subtractPrimeOnce(z, zo, t0, t1, t2, x[xo + 3] + y[yo + 3] + c);
    }

    /** z = 2x. */
    static void dbl(long[] z, int zo, long[] x, int xo) {
        long x0 = x[xo];
        long x1 = x[xo + 1];
        long x2 = x[xo + 2];
        long x3 = x[xo + 3];
        subtractPrimeOnce(z, zo, x0 << 1, x1 << 1 | x0 >>> 63, x2 << 1 | x1 >>> 63, x3 << 1 | x2 >>> 63);
    }

    /** z = 9x + y; y may be p itself. */
    static void nineTimesPlus(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        long x0 = x[xo];
        long x1 = x[xo + 1];
        long x2 = x[xo + 2];
        long x3 = x[xo + 3];
        long t0 = x0 << 3;
        long a = x0 + y[yo];
        t0 += a;
        long c = carry(a, x0) + carry(t0, a);
        long t1 = x1 << 3 | x0 >>> 61;
        a = x1 + y[yo + 1];
        long d = carry(a, x1);
        t1 += a;
        d += carry(t1, a);
        t1 += c;
        c = d + carry(t1, c);
        long t2 = x2 << 3 | x1 >>> 61;
        a = x2 + y[yo + 2];
        d = carry(a, x2);
        t2 += a;
        d += carry(t2, a);
        t2 += c;
        c = d + carry(t2, c);
        a = x3 + y[yo + 3] + c;
        long t3 = (x3 << 3 | x2 >>> 61) + a;
        // p is 12.1 · 2^250, 21/256 is just below 1/12.1: too small by one at most, and less than 2p is left
        int q = LIMBS * (int) ((((x3 >>> 55) + (a >>> 58)) * 21) >>> 8);
        long v = MULTIPLES[q];
        long b = borrow(t0, v);
        t0 -= v;
        v = MULTIPLES[q + 1];
        long s = t1 - v;
        v = borrow(t1, v);
        t1 = s - b;
        b = v | borrow(s, b);
        v = MULTIPLES[q + 2];
        s = t2 - v;
        v = borrow(t2, v);
        t2 = s - b;
        b = v | borrow(s, b);
        subtractPrimeOnce(z, zo, t0, t1, t2, t3 - MULTIPLES[q + 3] - b);
    }

    /** z = 3x. */
    static void triple(long[] z, int zo, long[] x, int xo) {
        long x0 = x[xo];
        long x1 = x[xo + 1];
        long x2 = x[xo + 2];
        long x3 = x[xo + 3];
        dbl(z, zo, x, xo);
        long t0 = z[zo] + x0;
        long c = carry(t0, x0);
        long s = z[zo + 1] + x1;
        long t1 = s + c;
        c = carry(s, x1) | carry(t1, c);
        s = z[zo + 2] + x2;
        long t2 = s + c;
        c = carry(s, x2) | carry(t2, c);
        subtractPrimeOnce(z, zo, t0, t1, t2, z[zo + 3] + x3 + c);
    }

    /** z = x - y. */
    static void sub(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        long a = x[xo];
        long v = y[yo];
        long s0 = a - v;
        long b = borrow(a, v);
        a = x[xo + 1];
        v = y[yo + 1];
        long d = a - v;
        long s1 = d - b;
        b = borrow(a, v) | borrow(d, b);
        a = x[xo + 2];
        v = y[yo + 2];
        d = a - v;
        long s2 = d - b;
        b = borrow(a, v) | borrow(d, b);
        long s3 = x[xo + 3] - y[yo + 3] - b;
        // below zero where the sign says so, as both are below 2^255
        long mask = s3 >> 63;
        a = P0 & mask;
        s0 += a;
        long c = carry(s0, a);
        a = P1 & mask;
        s1 += a;
        d = s1 + c;
        c = carry(s1, a) | carry(d, c);
        s1 = d;
        a = P2 & mask;
        s2 += a;
        d = s2 + c;
        c = carry(s2, a) | carry(d, c);
        z[zo] = s0;
        z[zo + 1] = s1;
        z[zo + 2] = d;
        z[zo + 3] = s3 + (P3 & mask) + c;
    }

    /** z = -x. */
    static void neg(long[] z, int zo, long[] x, int xo) {
        if (isZero(x, xo)) {
            copy(z, zo, x, xo);
        } else {
            complement(z, zo, x, xo);
        }
    }

    /** z = p - x, not reduced: p for 0. */
    static void complement(long[] z, int zo, long[] x, int xo) {
        long a = x[xo];
        z[zo] = P0 - a;
        long b = borrow(P0, a);
        a = x[xo + 1];
        long d = P1 - a;
        z[zo + 1] = d - b;
        b = borrow(P1, a) | borrow(d, b);
        a = x[xo + 2];
        d = P2 - a;
        z[zo + 2] = d - b;
        b = borrow(P2, a) | borrow(d, b);
        z[zo + 3] = P3 - x[xo + 3] - b;
    }

    /** z = 1/x, and 0 for 0. Time depends on the value. */
    static void inv(long[] z, int zo, long[] x, int xo) {
        if (isZero(x, xo)) {
            copy(z, zo, x, xo);
        } else {
            new Bn254FpInverse(x, xo).write(z, zo);
        }
    }
}
