package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * One inversion in {@link Bn254Fp} by division steps, 62 at a time: the steps look at the low words of f and g alone and
 * collect a matrix, which is then applied to the whole numbers. Time depends on the value; nothing here is secret.
 *
 * <p>Keeps d·x = f·s and e·x = g·s modulo p for a known power of two s, with f odd; ends with g = 0 and so f = ±1.
 *
 * <p>Source: Bernstein, Yang 2019, "Fast constant-time gcd computation and modular inversion".
 */
final class Bn254FpInverse {

    private static final int STEPS = 62;

    /** A number below p needs at most 741 steps (theorem 11.2 of the paper): twelve rounds. */
    private static final int MAX_ROUNDS = 12;

    private static final long[] TWICE_PRIME = {
        Bn254Fp.P0 << 1,
        Bn254Fp.P1 << 1 | Bn254Fp.P0 >>> 63,
        Bn254Fp.P2 << 1 | Bn254Fp.P1 >>> 63,
        Bn254Fp.P3 << 1 | Bn254Fp.P2 >>> 63
    };

    /** What is left to multiply d by after n rounds, at 4n: each round divides by 2^64 where the steps did by 2^62. */
    private static final long[] CORRECTION = correction();

    private final long[] f = {Bn254Fp.P0, Bn254Fp.P1, Bn254Fp.P2, Bn254Fp.P3};
    private final long[] g = new long[4];
    /** Below 1.5·p, as e is. */
    private final long[] d = new long[4];

    private final long[] e = {1, 0, 0, 0};
    private final long[] t = new long[4];
    private final long[] minus = new long[4];

    private long delta = 1;
    private int rounds;

    /** The matrix of the last round, times 2^62: (f, g) became (u·f + v·g, q·f + r·g) / 2^62. */
    private long u;

    private long v;
    private long q;
    private long r;

    /** Inverts x, which must not be 0. */
    Bn254FpInverse(long[] x, int xo) {
        Bn254Fp.copy(g, 0, x, xo);
        while (!Bn254Fp.isZero(g, 0)) {
            collect();
            combine(t, u, f, v, g);
            combine(g, q, f, r, g);
            Bn254Fp.copy(f, 0, t, 0);
            combineModulo(t, u, v);
            combineModulo(e, q, r);
            Bn254Fp.copy(d, 0, t, 0);
            rounds++;
        }
    }

    private static long[] correction() {
        long[] correction = new long[4 * (MAX_ROUNDS + 1)];
        for (int n = 0; n <= MAX_ROUNDS; n++) {
            Bn254Fp.set(correction, 4 * n, BigInteger.ONE.shiftLeft(512 + (64 - STEPS) * n));
        }
        return correction;
    }

    /** Writes 1/x. */
    void write(long[] z, int zo) {
        Bn254Fp.mul(z, zo, CORRECTION, 4 * rounds, d, 0);
        if (f[3] < 0) {
            Bn254Fp.neg(z, zo, z, zo);
        }
    }

    /** Does the steps on the low words and leaves their matrix. */
    private void collect() {
        long f0 = f[0];
        long g0 = g[0];
        long u0 = 1;
        long v0 = 0;
        long q0 = 0;
        long r0 = 1;
        long d0 = delta;
        int left = STEPS;
        while (true) {
            // an even g: halve it as often as it goes
            int zeros = Long.numberOfTrailingZeros(g0 | (-1L << left));
            g0 >>>= zeros;
            u0 <<= zeros;
            v0 <<= zeros;
            d0 += zeros;
            left -= zeros;
            if (left == 0) {
                break;
            }
            if (d0 > 0) {
                d0 = -d0;
                long swap = f0;
                f0 = g0;
                g0 = -swap;
                swap = u0;
                u0 = q0;
                q0 = -swap;
                swap = v0;
                v0 = r0;
                r0 = -swap;
            }
            // no swap for the next 1 - delta steps: one multiple of f clears as many bits of g, here six at most
            int bits = (int) Math.min(Math.min(1 - d0, left), 6);
            long w = (g0 * f0 * (f0 * f0 - 2)) & ((1L << bits) - 1);
            g0 += w * f0;
            q0 += w * u0;
            r0 += w * v0;
        }
        delta = d0;
        u = u0;
        v = v0;
        q = q0;
        r = r0;
    }

    /** z = (a·x + b·y) / 2^62 for signed numbers of 256 bits, where that is whole. */
    private static void combine(long[] z, long a, long[] x, long b, long[] y) {
        long carry = 0;
        long before = 0;
        for (int i = 0; i < 4; i++) {
            long x0 = x[i];
            long y0 = y[i];
            long up = (carry >> 63) + Math.multiplyHigh(a, x0) + Math.multiplyHigh(b, y0);
            if (i < 3) {
                // all limbs but the last are unsigned: multiplyHigh took one from 2^63 on for 2^64 less
                up += (x0 >> 63 & a) + (y0 >> 63 & b);
            }
            long product = a * x0;
            long low = carry + product;
            up += Long.compareUnsigned(low, product) < 0 ? 1 : 0;
            product = b * y0;
            low += product;
            up += Long.compareUnsigned(low, product) < 0 ? 1 : 0;
            if (i > 0) {
                z[i - 1] = before >>> STEPS | low << (64 - STEPS);
            }
            before = low;
            carry = up;
        }
        z[3] = before >>> STEPS | carry << (64 - STEPS);
    }

    /** z = (a·d + b·e) / 2^64 modulo p, below 1.5·p: |a| + |b| is at most 2^62 and d and e are below 2p. */
    private void combineModulo(long[] z, long a, long b) {
        long[] x = d;
        if (a < 0) {
            negate(minus, d);
            x = minus;
        }
        long x0 = x[0];
        long x1 = x[1];
        long x2 = x[2];
        long x3 = x[3];
        long[] y = e;
        if (b < 0) {
            negate(minus, e);
            y = minus;
        }
        reduce(z, Math.abs(a), x0, x1, x2, x3, Math.abs(b), y);
    }

    private static void reduce(long[] z, long a, long x0, long x1, long x2, long x3, long b, long[] y) {
        long y0 = y[0];
        long y1 = y[1];
        long y2 = y[2];
        long y3 = y[3];
        long m = (a * x0 + b * y0) * Bn254Fp.FACTOR;
        long c = column(0, 0, a, x0, b, y0, m, Bn254Fp.P0);
        long t0 = c + a * x1 + b * y1 + m * Bn254Fp.P1;
        c = column(c, t0, a, x1, b, y1, m, Bn254Fp.P1);
        long t1 = c + a * x2 + b * y2 + m * Bn254Fp.P2;
        c = column(c, t1, a, x2, b, y2, m, Bn254Fp.P2);
        long t2 = c + a * x3 + b * y3 + m * Bn254Fp.P3;
        z[3] = column(c, t2, a, x3, b, y3, m, Bn254Fp.P3);
        z[0] = t0;
        z[1] = t1;
        z[2] = t2;
    }

    /** What c + a·x + b·y + m·p carries out of the word {@code low} that it leaves. */
    private static long column(long c, long low, long a, long x, long b, long y, long m, long p) {
        long s = a * x;
        long sum = c + s;
        long up = Math.unsignedMultiplyHigh(a, x) + Math.unsignedMultiplyHigh(b, y) + Math.unsignedMultiplyHigh(m, p);
        up += Long.compareUnsigned(sum, s) < 0 ? 1 : 0;
        s = b * y;
        sum += s;
        up += Long.compareUnsigned(sum, s) < 0 ? 1 : 0;
        return up + (Long.compareUnsigned(low, sum) < 0 ? 1 : 0);
    }

    /** z = 2p - x. */
    private static void negate(long[] z, long[] x) {
        long borrow = 0;
        for (int i = 0; i < 4; i++) {
            long a = TWICE_PRIME[i];
            long s = a - x[i];
            z[i] = s - borrow;
            borrow = Long.compareUnsigned(a, x[i]) < 0 || Long.compareUnsigned(s, borrow) < 0 ? 1 : 0;
        }
    }
}
