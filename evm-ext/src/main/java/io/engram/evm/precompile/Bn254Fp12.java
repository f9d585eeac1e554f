package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The field of the pairing's values, Fp6[w]/(w² - v): two elements of Fp6, so the coefficients of w⁰, w², w⁴, w¹, w³, w⁵
 * in this order. Results may be written over operands. Holds scratch space: one object a thread.
 */
final class Bn254Fp12 {

    static final int LIMBS = 48;

    private static final int C1 = 24;

    /** Where in an element the coefficient of w^i lies. */
    private static final int[] PLACE = {0, 24, 8, 32, 16, 40};

    /** (9 + i)^(j(p-1)/6) at 8 * j: what conjugating the coefficient of w^j is multiplied by. */
    private static final long[] FROBENIUS = frobenius();

    private final Bn254Fp2 f2;
    private final Bn254Fp6 f6;
    private final long[] t = new long[24 * 4];

    Bn254Fp12(Bn254Fp2 fp2, Bn254Fp6 fp6) {
        this.f2 = fp2;
        this.f6 = fp6;
    }

    private static long[] frobenius() {
        Bn254Fp2 f = new Bn254Fp2();
        long[] gamma = new long[8 * 6];
        Bn254Fp2.setOne(gamma, 0);
        long[] xi = new long[8];
        Bn254Fp2.setOne(xi, 0);
        f.mulXi(xi, 0, xi, 0);
        BigInteger exponent = Bn254Fp.PRIME.subtract(BigInteger.ONE).divide(BigInteger.valueOf(6));
        Bn254Fp2.setOne(gamma, 8);
        for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
            f.sqr(gamma, 8, gamma, 8);
            if (exponent.testBit(bit)) {
                f.mul(gamma, 8, gamma, 8, xi, 0);
            }
        }
        for (int j = 2; j < 6; j++) {
            f.mul(gamma, 8 * j, gamma, 8 * (j - 1), gamma, 8);
        }
        return gamma;
    }

    /** (9 + i)^(j(p-1)/6) for j below 6. */
    static long[] frobeniusFactor(int j) {
        return Arrays.copyOfRange(FROBENIUS, 8 * j, 8 * (j + 1));
    }

    static void copy(long[] z, int zo, long[] x, int xo) {
        System.arraycopy(x, xo, z, zo, LIMBS);
    }

    static void setOne(long[] z, int zo) {
        Arrays.fill(z, zo, zo + LIMBS, 0);
        Bn254Fp2.setOne(z, zo);
    }

    static boolean isOne(long[] x, int xo) {
        long[] one = new long[LIMBS];
        setOne(one, 0);
        return Arrays.equals(one, 0, LIMBS, x, xo, xo + LIMBS);
    }

    void mul(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        int a = 0;
        int b = 24;
        int c = 48;
        int d = 72;
        f6.mul(t, a, x, xo, y, yo);
        f6.mul(t, b, x, xo + C1, y, yo + C1);
        f6.add(t, c, x, xo, x, xo + C1);
        f6.add(t, d, y, yo, y, yo + C1);
        f6.mul(t, c, t, c, t, d);
        f6.sub(t, c, t, c, t, a);
        f6.sub(z, zo + C1, t, c, t, b);
        f6.mulV(t, b, t, b);
        f6.add(z, zo, t, a, t, b);
    }

    void sqr(long[] z, int zo, long[] x, int xo) {
        int a = 0;
        int b = 24;
        int c = 48;
        f6.mul(t, a, x, xo, x, xo + C1);
        f6.add(t, b, x, xo, x, xo + C1);
        f6.mulV(t, c, x, xo + C1);
        f6.add(t, c, t, c, x, xo);
        f6.mul(t, b, t, b, t, c);
        f6.sub(t, b, t, b, t, a);
        f6.mulV(t, c, t, a);
        f6.sub(z, zo, t, b, t, c);
        f6.add(z, zo + C1, t, a, t, a);
    }

    /** z = x·(l₀ + l₁·w + l₂·w³) for a line of three elements of Fp2; z must not be the place of the line. */
    void mulLine(long[] z, int zo, long[] x, int xo, long[] line, int o) {
        int a = 0;
        int b = 24;
        int c = 48;
        int d = 72;
        f6.mulBase(t, a, x, xo, line, o);
        f6.mulSparse(t, b, x, xo + C1, line, o + 8, line, o + 16);
        f6.add(t, c, x, xo, x, xo + C1);
        f2.add(t, d, line, o, line, o + 8);
        f6.mulSparse(t, c, t, c, t, d, line, o + 16);
        f6.sub(t, c, t, c, t, a);
        f6.sub(z, zo + C1, t, c, t, b);
        f6.mulV(t, b, t, b);
        f6.add(z, zo, t, a, t, b);
    }

    /** z = x^(p⁶), which is 1/x for an x of norm 1. */
    void conjugate(long[] z, int zo, long[] x, int xo) {
        Bn254Fp6.copy(z, zo, x, xo);
        f6.neg(z, zo + C1, x, xo + C1);
    }

    void inv(long[] z, int zo, long[] x, int xo) {
        int a = 0;
        int b = 24;
        f6.mul(t, a, x, xo, x, xo);
        f6.mul(t, b, x, xo + C1, x, xo + C1);
        f6.mulV(t, b, t, b);
        f6.sub(t, a, t, a, t, b);
        f6.inv(t, a, t, a);
        f6.mul(z, zo, x, xo, t, a);
        f6.mul(z, zo + C1, x, xo + C1, t, a);
        f6.neg(z, zo + C1, z, zo + C1);
    }

    /** z = x^p. */
    void frobenius(long[] z, int zo, long[] x, int xo) {
        for (int j = 0; j < 6; j++) {
            int at = PLACE[j];
            f2.conjugate(z, zo + at, x, xo + at);
            if (j > 0) {
                f2.mul(z, zo + at, z, zo + at, FROBENIUS, 8 * j);
            }
        }
    }

    /** z = x² for x with x^(p⁴ - p² + 1) = 1. Source: Granger and Scott 2010. */
    void cyclotomicSqr(long[] z, int zo, long[] x, int xo) {
        pairSqr(0, x, xo, xo + 32);
        pairSqr(16, x, xo + 24, xo + 16);
        pairSqr(32, x, xo + 8, xo + 40);
        int twisted = 48;
        f2.mulXi(t, twisted, t, 40);
        threeTimesMinusTwice(z, zo, x, xo, 0);
        threeTimesMinusTwice(z, zo + 8, x, xo + 8, 16);
        threeTimesMinusTwice(z, zo + 16, x, xo + 16, 32);
        threeTimesPlusTwice(z, zo + 24, x, xo + 24, twisted);
        threeTimesPlusTwice(z, zo + 32, x, xo + 32, 8);
        threeTimesPlusTwice(z, zo + 40, x, xo + 40, 24);
    }

    /** (a + b·s)² for s² = 9 + i: the constant part to {@code to}, the factor of s after it. */
    private void pairSqr(int to, long[] x, int a, int b) {
        int u = 56;
        int v = 64;
        f2.sqr(t, u, x, a);
        f2.sqr(t, v, x, b);
        f2.add(t, to + 8, x, a, x, b);
        f2.sqr(t, to + 8, t, to + 8);
        f2.sub(t, to + 8, t, to + 8, t, u);
        f2.sub(t, to + 8, t, to + 8, t, v);
        f2.mulXi(t, v, t, v);
        f2.add(t, to, t, u, t, v);
    }

    private void threeTimesMinusTwice(long[] z, int zo, long[] x, int xo, int square) {
        int u = 56;
        f2.sub(t, u, t, square, x, xo);
        f2.dbl(t, u, t, u);
        f2.add(z, zo, t, u, t, square);
    }

    private void threeTimesPlusTwice(long[] z, int zo, long[] x, int xo, int square) {
        int u = 56;
        f2.add(t, u, t, square, x, xo);
        f2.dbl(t, u, t, u);
        f2.add(z, zo, t, u, t, square);
    }
}
