package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * The optimal ate pairing of alt_bn128, and products of it. Holds scratch space: one object a thread.
 *
 * <p>Sources: Vercauteren 2010 (optimal ate); Costello, Lange, Naehrig 2010 and Aranha et al. 2011 (lines in homogeneous
 * coordinates); Scott et al. 2009 (final exponentiation).
 */
final class Bn254Pairing {

    /** The signed digits of 6x + 2, most significant first. */
    private static final byte[] LOOP =
            digits(BigInteger.valueOf(Bn254.X).multiply(BigInteger.valueOf(6)).add(BigInteger.TWO), 2);

    /** Bits of a signed digit of x in the final exponentiation, where four odd powers are kept. */
    private static final int X_WIDTH = 4;

    private static final int ODD_POWERS = 1 << (X_WIDTH - 2);

    /** The signed digits of x, most significant first. */
    private static final byte[] X_DIGITS = digits(BigInteger.valueOf(Bn254.X), X_WIDTH);

    private static final int Y = 8;
    private static final int Z = 16;

    private final Bn254Fp2 f2 = new Bn254Fp2();
    private final Bn254Fp12 f12 = new Bn254Fp12(f2, new Bn254Fp6(f2));
    private final long[] t = new long[8 * 12];
    private final long[] line = new long[24];
    private final long[] b = new long[8];
    private final long[] gamma = new long[16];
    private final long[] odd = new long[Bn254Fp12.LIMBS * ODD_POWERS];
    private final long[] inverse = new long[Bn254Fp12.LIMBS];

    Bn254Pairing() {
        Bn254G2.copyB(b, 0);
        Bn254Fp12.copyFrobeniusFactor(gamma, 0, 2);
        Bn254Fp12.copyFrobeniusFactor(gamma, 8, 3);
    }

    private static byte[] digits(BigInteger number, int width) {
        byte[] digits = new byte[SignedDigits.CAPACITY];
        long[] limbs = {number.longValue(), number.shiftRight(64).longValue(), 0, 0};
        int count = SignedDigits.of(digits, limbs, width);
        byte[] reversed = new byte[count];
        for (int i = 0; i < count; i++) {
            reversed[i] = digits[count - 1 - i];
        }
        return reversed;
    }

    /**
     * Whether the product of e(Pᵢ, Qᵢ) is one.
     *
     * @param g1 affine points (x, y), 8 limbs each, none at infinity
     * @param g2 affine points (x, y) of the subgroup, 16 limbs each, none at infinity
     */
    boolean isProductOne(long[] g1, long[] g2, int count) {
        long[] f = new long[Bn254Fp12.LIMBS];
        millerLoop(f, g1, g2, count);
        finalExponentiation(f);
        return Bn254Fp12.isOne(f, 0);
    }

    /** The product of the Miller functions of all pairs, which share the squarings. */
    void millerLoop(long[] f, long[] g1, long[] g2, int count) {
        Bn254Fp12.setOne(f, 0);
        long[] points = new long[24 * count];
        long[] negative = new long[16 * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(g2, 16 * i, points, 24 * i, 16);
            Bn254Fp2.setOne(points, 24 * i + Z);
            Bn254Fp2.copy(negative, 16 * i, g2, 16 * i);
            f2.neg(negative, 16 * i + Y, g2, 16 * i + Y);
        }
        for (int step = 1; step < LOOP.length; step++) {
            int digit = LOOP[step];
            f12.sqr(f, 0, f, 0);
            for (int i = 0; i < count; i++) {
                doubleStep(points, 24 * i);
                multiplyLine(f, g1, 8 * i);
                if (digit != 0) {
                    addStep(points, 24 * i, digit > 0 ? g2 : negative, 16 * i);
                    multiplyLine(f, g1, 8 * i);
                }
            }
        }
        long[] image = new long[16];
        for (int i = 0; i < count; i++) {
            frobenius(image, g2, 16 * i);
            addStep(points, 24 * i, image, 0);
            multiplyLine(f, g1, 8 * i);
            frobenius(image, image, 0);
            f2.neg(image, Y, image, Y);
            addStep(points, 24 * i, image, 0);
            multiplyLine(f, g1, 8 * i);
        }
    }

    /** The Frobenius map on affine points of the twist. */
    private void frobenius(long[] z, long[] q, int qo) {
        f2.conjugate(z, 0, q, qo);
        f2.mul(z, 0, z, 0, gamma, 0);
        f2.conjugate(z, Y, q, qo + Y);
        f2.mul(z, Y, z, Y, gamma, 8);
    }

    /** Evaluates the line at the affine point of G1 and multiplies f by it. */
    private void multiplyLine(long[] f, long[] g1, int at) {
        f2.mulBase(line, 0, line, 0, g1, at + 4);
        f2.mulBase(line, 8, line, 8, g1, at);
        f12.mulLine(f, 0, f, 0, line, 0);
    }

    /** Doubles the homogeneous point and leaves the tangent's coefficients of y, x and 1 in {@link #line}. */
    private void doubleStep(long[] p, int po) {
        int a = 0;
        int bb = 8;
        int c = 16;
        int e = 24;
        int ff = 32;
        int g = 40;
        int h = 48;
        f2.mul(t, a, p, po, p, po + Y);
        f2.half(t, a, t, a);
        f2.sqr(t, bb, p, po + Y);
        f2.sqr(t, c, p, po + Z);
        f2.dbl(t, e, t, c);
        f2.add(t, e, t, e, t, c);
        f2.mul(t, e, t, e, b, 0);
        f2.dbl(t, ff, t, e);
        f2.add(t, ff, t, ff, t, e);
        f2.add(t, g, t, bb, t, ff);
        f2.half(t, g, t, g);
        f2.add(t, h, p, po + Y, p, po + Z);
        f2.sqr(t, h, t, h);
        f2.sub(t, h, t, h, t, bb);
        f2.sub(t, h, t, h, t, c);
        f2.neg(line, 0, t, h);
        f2.sqr(t, c, p, po);
        f2.dbl(line, 8, t, c);
        f2.add(line, 8, line, 8, t, c);
        f2.sub(line, 16, t, e, t, bb);
        f2.sub(t, c, t, bb, t, ff);
        f2.mul(p, po, t, a, t, c);
        f2.sqr(t, e, t, e);
        f2.dbl(t, c, t, e);
        f2.add(t, c, t, c, t, e);
        f2.sqr(t, g, t, g);
        f2.sub(p, po + Y, t, g, t, c);
        f2.mul(p, po + Z, t, bb, t, h);
    }

    /** Adds an affine point to the homogeneous point and leaves the chord's coefficients in {@link #line}. */
    private void addStep(long[] p, int po, long[] q, int qo) {
        int theta = 0;
        int lambda = 8;
        int c = 16;
        int d = 24;
        int e = 32;
        int g = 40;
        int h = 48;
        f2.mul(t, c, q, qo + Y, p, po + Z);
        f2.sub(t, theta, p, po + Y, t, c);
        f2.mul(t, c, q, qo, p, po + Z);
        f2.sub(t, lambda, p, po, t, c);
        f2.sqr(t, c, t, theta);
        f2.sqr(t, d, t, lambda);
        f2.mul(t, e, t, lambda, t, d);
        f2.mul(t, c, p, po + Z, t, c);
        f2.mul(t, g, p, po, t, d);
        f2.add(t, h, t, e, t, c);
        f2.sub(t, h, t, h, t, g);
        f2.sub(t, h, t, h, t, g);
        f2.mul(p, po, t, lambda, t, h);
        f2.sub(t, g, t, g, t, h);
        f2.mul(t, g, t, theta, t, g);
        f2.mul(t, c, t, e, p, po + Y);
        f2.sub(p, po + Y, t, g, t, c);
        f2.mul(p, po + Z, p, po + Z, t, e);
        Bn254Fp2.copy(line, 0, t, lambda);
        f2.neg(line, 8, t, theta);
        f2.mul(t, c, t, theta, q, qo);
        f2.mul(t, d, t, lambda, q, qo + Y);
        f2.sub(line, 16, t, c, t, d);
    }

    /** f = f^((p¹² - 1)/r). */
    void finalExponentiation(long[] f) {
        int n = Bn254Fp12.LIMBS;
        long[] w = new long[n * 12];
        int u = 0;
        int v = n;
        // the easy part: f^((p⁶ - 1)(p² + 1))
        f12.conjugate(w, u, f, 0);
        f12.inv(w, v, f, 0);
        f12.mul(w, u, w, u, w, v);
        f12.frobenius(w, v, w, u);
        f12.frobenius(w, v, w, v);
        f12.mul(f, 0, w, u, w, v);
        // the hard part: f^((p⁴ - p² + 1)/r) as a polynomial in p and x
        int x1 = 0;
        int x2 = n;
        int x3 = 2 * n;
        int y0 = 3 * n;
        int y2 = 4 * n;
        int y3 = 5 * n;
        int y4 = 6 * n;
        int y6 = 7 * n;
        int s = 8 * n;
        int t0 = 9 * n;
        int t1 = 10 * n;
        powerOfX(w, x1, f, 0);
        powerOfX(w, x2, w, x1);
        powerOfX(w, x3, w, x2);
        f12.frobenius(w, y0, f, 0);
        f12.frobenius(w, s, w, y0);
        f12.mul(w, y0, w, y0, w, s);
        f12.frobenius(w, s, w, s);
        f12.mul(w, y0, w, y0, w, s);
        f12.frobenius(w, s, w, x2);
        f12.frobenius(w, y2, w, s);
        f12.mul(w, y4, w, x1, w, s);
        f12.conjugate(w, y4, w, y4);
        f12.frobenius(w, y3, w, x1);
        f12.conjugate(w, y3, w, y3);
        f12.frobenius(w, s, w, x3);
        f12.mul(w, y6, w, x3, w, s);
        f12.conjugate(w, y6, w, y6);
        int y5 = s;
        f12.conjugate(w, y5, w, x2);
        int y1 = x1;
        f12.conjugate(w, y1, f, 0);
        f12.cyclotomicSqr(w, t0, w, y6);
        f12.mul(w, t0, w, t0, w, y4);
        f12.mul(w, t0, w, t0, w, y5);
        f12.mul(w, t1, w, y3, w, y5);
        f12.mul(w, t1, w, t1, w, t0);
        f12.mul(w, t0, w, t0, w, y2);
        f12.cyclotomicSqr(w, t1, w, t1);
        f12.mul(w, t1, w, t1, w, t0);
        f12.cyclotomicSqr(w, t1, w, t1);
        f12.mul(w, t0, w, t1, w, y1);
        f12.mul(w, t1, w, t1, w, y0);
        f12.cyclotomicSqr(w, t0, w, t0);
        f12.mul(f, 0, w, t0, w, t1);
    }

    /** z = y^x for the curve's parameter x and a y of the cyclotomic subgroup; z must not be the place of y. */
    private void powerOfX(long[] z, int zo, long[] y, int yo) {
        int n = Bn254Fp12.LIMBS;
        Bn254Fp12.copy(odd, 0, y, yo);
        f12.cyclotomicSqr(z, zo, y, yo);
        for (int i = 1; i < ODD_POWERS; i++) {
            f12.mul(odd, n * i, odd, n * (i - 1), z, zo);
        }
        Bn254Fp12.copy(z, zo, odd, n * (X_DIGITS[0] >> 1));
        for (int i = 1; i < X_DIGITS.length; i++) {
            f12.cyclotomicSqr(z, zo, z, zo);
            int digit = X_DIGITS[i];
            if (digit > 0) {
                f12.mul(z, zo, z, zo, odd, n * (digit >> 1));
            } else if (digit < 0) {
                // the inverse is free in this subgroup
                f12.conjugate(inverse, 0, odd, n * (-digit >> 1));
                f12.mul(z, zo, z, zo, inverse, 0);
            }
        }
    }
}
