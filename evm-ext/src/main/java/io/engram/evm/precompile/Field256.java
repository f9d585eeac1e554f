package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * Arithmetic modulo an odd prime of at most 256 bits in Montgomery form, x·2^256 mod p. An element is four limbs of an
 * array, least significant first, always reduced; operands and result may be the same place. Allocates nothing and is
 * thread-safe: every method works on what it is given.
 *
 * <p>Source: Montgomery 1985 (CIOS order of Koç, Acar, Kaliski 1996).
 */
final class Field256 {

    static final int LIMBS = 4;

    private final BigInteger prime;
    private final long p0;
    private final long p1;
    private final long p2;
    private final long p3;
    /** -1/p mod 2^64. */
    private final long factor;

    private final long[] one;
    private final long[] squaredRadix;

    Field256(BigInteger prime) {
        this.prime = prime;
        long[] limbs = Limbs.of(prime);
        p0 = limbs[0];
        p1 = limbs[1];
        p2 = limbs[2];
        p3 = limbs[3];
        BigInteger word = BigInteger.ONE.shiftLeft(64);
        factor = prime.negate().modInverse(word).longValue();
        one = Limbs.of(BigInteger.ONE.shiftLeft(256).mod(prime));
        squaredRadix = Limbs.of(BigInteger.ONE.shiftLeft(512).mod(prime));
    }

    BigInteger prime() {
        return prime;
    }

    /** Writes a constant in Montgomery form; for set-up only. */
    void set(long[] z, int zo, BigInteger value) {
        System.arraycopy(Limbs.of(value.shiftLeft(256).mod(prime)), 0, z, zo, LIMBS);
    }

    void setOne(long[] z, int zo) {
        System.arraycopy(one, 0, z, zo, LIMBS);
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
    boolean read(long[] z, int zo, byte[] bytes, int offset) {
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
        mul(z, zo, z, zo, squaredRadix, 0);
        return true;
    }

    private boolean isReduced(long x0, long x1, long x2, long x3) {
        if (x3 != p3) {
            return Long.compareUnsigned(x3, p3) < 0;
        }
        if (x2 != p2) {
            return Long.compareUnsigned(x2, p2) < 0;
        }
        if (x1 != p1) {
            return Long.compareUnsigned(x1, p1) < 0;
        }
        return Long.compareUnsigned(x0, p0) < 0;
    }

    /** 1 where a sum, already wrapped, passed 2^64: it is then below each of its summands. */
    private static long carry(long sum, long summand) {
        return Long.compareUnsigned(sum, summand) < 0 ? 1 : 0;
    }

    /** 1 where x - y falls below zero. */
    private static long borrow(long x, long y) {
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    }

    /** z = x·y. */
    void mul(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        long y0 = y[yo];
        long y1 = y[yo + 1];
        long y2 = y[yo + 2];
        long y3 = y[yo + 3];
        long q0 = p0;
        long q1 = p1;
        long q2 = p2;
        long q3 = p3;
        long t0 = 0;
        long t1 = 0;
        long t2 = 0;
        long t3 = 0;
        long t4 = 0;
        for (int i = 0; i < LIMBS; i++) {
            long a = x[xo + i];
            long low = a * y0;
            long c = Math.unsignedMultiplyHigh(a, y0);
            t0 += low;
            c += carry(t0, low);

            low = a * y1 + c;
            c = Math.unsignedMultiplyHigh(a, y1) + carry(low, c);
            t1 += low;
            c += carry(t1, low);

            low = a * y2 + c;
            c = Math.unsignedMultiplyHigh(a, y2) + carry(low, c);
            t2 += low;
            c += carry(t2, low);

            low = a * y3 + c;
            c = Math.unsignedMultiplyHigh(a, y3) + carry(low, c);
            t3 += low;
            c += carry(t3, low);

            t4 += c;
            long t5 = carry(t4, c);

            long m = t0 * factor;
            low = m * q0;
            c = Math.unsignedMultiplyHigh(m, q0);
            t0 += low;
            c += carry(t0, low);

            low = m * q1 + c;
            c = Math.unsignedMultiplyHigh(m, q1) + carry(low, c);
            t1 += low;
            c += carry(t1, low);
            t0 = t1;

            low = m * q2 + c;
            c = Math.unsignedMultiplyHigh(m, q2) + carry(low, c);
            t2 += low;
            c += carry(t2, low);
            t1 = t2;

            low = m * q3 + c;
            c = Math.unsignedMultiplyHigh(m, q3) + carry(low, c);
            t3 += low;
            c += carry(t3, low);
            t2 = t3;

            t3 = t4 + c;
            t4 = t5 + carry(t3, c);
        }
        subtractPrimeOnce(z, zo, t0, t1, t2, t3, t4);
    }

    /** Stores t - p where t, of five limbs, is p or more, else t. */
    private void subtractPrimeOnce(long[] z, int zo, long t0, long t1, long t2, long t3, long t4) {
        long s0 = t0 - p0;
        long b = borrow(t0, p0);
        long d = t1 - p1;
        long s1 = d - b;
        b = borrow(t1, p1) | borrow(d, b);
        d = t2 - p2;
        long s2 = d - b;
        b = borrow(t2, p2) | borrow(d, b);
        d = t3 - p3;
        long s3 = d - b;
        b = borrow(t3, p3) | borrow(d, b);
        long keep = -(b & ~t4);
        z[zo] = s0 ^ ((s0 ^ t0) & keep);
        z[zo + 1] = s1 ^ ((s1 ^ t1) & keep);
        z[zo + 2] = s2 ^ ((s2 ^ t2) & keep);
        z[zo + 3] = s3 ^ ((s3 ^ t3) & keep);
    }

    /** z = x². */
    void sqr(long[] z, int zo, long[] x, int xo) {
        mul(z, zo, x, xo, x, xo);
    }

    /** z = x + y. */
    void add(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
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
        a = y[yo + 3];
        s = x[xo + 3] + a;
        long t3 = s + c;
        c = carry(s, a) | carry(t3, c);
        subtractPrimeOnce(z, zo, t0, t1, t2, t3, c);
    }

    /** z = 2x. */
    void dbl(long[] z, int zo, long[] x, int xo) {
        long x0 = x[xo];
        long x1 = x[xo + 1];
        long x2 = x[xo + 2];
        long x3 = x[xo + 3];
        subtractPrimeOnce(z, zo, x0 << 1, x1 << 1 | x0 >>> 63, x2 << 1 | x1 >>> 63, x3 << 1 | x2 >>> 63, x3 >>> 63);
    }

    /** z = x - y. */
    void sub(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
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
        a = x[xo + 3];
        v = y[yo + 3];
        d = a - v;
        long s3 = d - b;
        b = borrow(a, v) | borrow(d, b);
        long mask = -b;
        a = p0 & mask;
        s0 += a;
        long c = carry(s0, a);
        a = p1 & mask;
        s1 += a;
        d = s1 + c;
        c = carry(s1, a) | carry(d, c);
        s1 = d;
        a = p2 & mask;
        s2 += a;
        d = s2 + c;
        c = carry(s2, a) | carry(d, c);
        s2 = d;
        z[zo] = s0;
        z[zo + 1] = s1;
        z[zo + 2] = s2;
        z[zo + 3] = s3 + (p3 & mask) + c;
    }

    /** z = -x. */
    void neg(long[] z, int zo, long[] x, int xo) {
        if (isZero(x, xo)) {
            copy(z, zo, x, xo);
            return;
        }
        long a = x[xo];
        z[zo] = p0 - a;
        long b = borrow(p0, a);
        a = x[xo + 1];
        long d = p1 - a;
        z[zo + 1] = d - b;
        b = borrow(p1, a) | borrow(d, b);
        a = x[xo + 2];
        d = p2 - a;
        z[zo + 2] = d - b;
        b = borrow(p2, a) | borrow(d, b);
        z[zo + 3] = p3 - x[xo + 3] - b;
    }
}
