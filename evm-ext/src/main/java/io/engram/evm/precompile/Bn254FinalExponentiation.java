package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * What makes the product of Miller functions a value of the pairing: its power (p¹² - 1)/r. Holds scratch space: one
 * object a thread.
 *
 * <p>Sources: Scott et al. 2009, "On the final exponentiation for calculating pairings on ordinary elliptic curves" (chain
 * of the hard part); Granger, Scott 2010 (squarings).
 */
final class Bn254FinalExponentiation {

    /** Bits of a signed digit of x, where four odd powers are kept. */
    private static final int WIDTH = 4;

    private static final int ODD_POWERS = 1 << (WIDTH - 2);

    private static final byte[] X_DIGITS = SignedDigits.mostSignificantFirst(BigInteger.valueOf(Bn254.X), WIDTH);

    private final Bn254Fp12 f12;
    private final long[] odd = new long[Bn254Fp12.LIMBS * ODD_POWERS];
    private final long[] inverse = new long[Bn254Fp12.LIMBS];
    private final long[] w = new long[Bn254Fp12.LIMBS * 11];

    Bn254FinalExponentiation(Bn254Fp12 field) {
        this.f12 = field;
    }

    /** f = f^((p¹² - 1)/r). */
    void apply(long[] f) {
        int n = Bn254Fp12.LIMBS;
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
