package io.engram.evm.precompile;

import java.math.BigInteger;

/**
 * The Miller functions of the optimal ate pairing, multiplied together: all pairs share the squarings. Holds scratch
 * space: one object a thread.
 *
 * <p>The loop leaves T = [6x + 2]Q + ψ(Q) - ψ²(Q), which is -ψ³(Q) just for the points Q of the subgroup of order r. So
 * the check that Q lies there costs a comparison. Why no other point passes: ψ² - tψ + p = 0 on the twist, and modulo that
 * polynomial 6x + 2 + ψ - ψ² + ψ³ has a norm whose greatest common divisor with the order r(2p - r) of the twist is r.
 * The sums are not complete: for equal or opposite points, which a Q of the subgroup never meets, they give Z = 0, and then
 * Z stays 0, which is never a point ψ³(Q).
 *
 * <p>Sources: Vercauteren 2010 (optimal ate); Costello, Lange, Naehrig 2010 and Aranha et al. 2011 (lines in homogeneous
 * coordinates); El Housni, Guillevic, Piellard 2022, "Co-factor clearing and subgroup membership testing" (norms).
 */
final class Bn254MillerLoop {

    private static final byte[] DIGITS = SignedDigits.mostSignificantFirst(
            BigInteger.valueOf(Bn254.X).multiply(BigInteger.valueOf(6)).add(BigInteger.TWO), 2);

    private static final int Y = Bn254G2.Y;
    private static final int Z = 16;

    /** Limbs of T. */
    private static final int POINT = 24;

    private final Bn254Fp2 f2;
    private final Bn254Fp12 f12;
    private final long[] t = new long[8 * 7];
    private final long[] line = new long[24];

    Bn254MillerLoop(Bn254Fp2 f2, Bn254Fp12 f12) {
        this.f2 = f2;
        this.f12 = f12;
    }

    /**
     * Leaves in f the product of the Miller functions of all pairs; false, and nothing of use in f, unless every Q is of
     * the subgroup.
     *
     * @param g1 affine points P of 8 limbs each; zeros, the point at infinity, have the function 1
     * @param g2 affine points Q on the twist of 16 limbs each, none at infinity
     */
    boolean run(long[] f, long[] g1, long[] g2, int count) {
        long[] points = new long[POINT * count];
        long[] negatives = new long[Bn254G2.LIMBS * count];
        for (int i = 0; i < count; i++) {
            int q = Bn254G2.LIMBS * i;
            System.arraycopy(g2, q, points, POINT * i, Bn254G2.LIMBS);
            Bn254Fp2.setOne(points, POINT * i + Z);
            Bn254Fp2.copy(negatives, q, g2, q);
            f2.neg(negatives, q + Y, g2, q + Y);
        }
        Bn254Fp12.setOne(f, 0);
        for (int step = 1; step < DIGITS.length; step++) {
            int digit = DIGITS[step];
            f12.sqr(f, 0, f, 0);
            for (int i = 0; i < count; i++) {
                doubleStep(points, POINT * i);
                multiplyLine(f, g1, Bn254G1.LIMBS * i);
                if (digit != 0) {
                    addStep(points, POINT * i, digit > 0 ? g2 : negatives, Bn254G2.LIMBS * i);
                    multiplyLine(f, g1, Bn254G1.LIMBS * i);
                }
            }
        }
        boolean inSubgroup = true;
        for (int i = 0; i < count; i++) {
            inSubgroup &= finish(f, g1, Bn254G1.LIMBS * i, points, POINT * i, g2, Bn254G2.LIMBS * i);
        }
        return inSubgroup;
    }

    /** Adds ψ(Q) and -ψ²(Q) with their lines; whether -ψ³(Q) is what comes out. */
    private boolean finish(long[] f, long[] g1, int g1o, long[] point, int po, long[] q, int qo) {
        long[] image = new long[Bn254G2.LIMBS];
        Bn254G2.endomorphism(f2, image, 0, q, qo);
        addStep(point, po, image, 0);
        multiplyLine(f, g1, g1o);
        Bn254G2.endomorphism(f2, image, 0, image, 0);
        f2.neg(image, Y, image, Y);
        addStep(point, po, image, 0);
        multiplyLine(f, g1, g1o);
        Bn254G2.endomorphism(f2, image, 0, image, 0);
        f2.mul(image, 0, image, 0, point, po + Z);
        f2.mul(image, Y, image, Y, point, po + Z);
        return !Bn254Fp2.isZero(point, po + Z)
                && Bn254Fp2.equal(image, 0, point, po)
                && Bn254Fp2.equal(image, Y, point, po + Y);
    }

    /** Evaluates the line at the affine point of G1 and multiplies f by it. */
    private void multiplyLine(long[] f, long[] g1, int at) {
        if (Bn254Fp.isZero(g1, at + 4)) {
            // at infinity: no point of the curve has y = 0, as the order is odd
            return;
        }
        f2.mulBase(line, 0, line, 0, g1, at + 4);
        f2.mulBase(line, 8, line, 8, g1, at);
        f12.mulLine(f, 0, f, 0, line, 0);
    }

    /** Doubles the homogeneous point and leaves the tangent's coefficients of y, x and 1 in {@link #line}. */
    private void doubleStep(long[] p, int po) {
        int a = 0;
        int b = 8;
        int e = 16;
        int g = 24;
        int h = 32;
        int u = 40;
        f2.mul(t, a, p, po, p, po + Y);
        f2.dbl(t, a, t, a);
        f2.sqr(t, b, p, po + Y);
        f2.sqr(t, e, p, po + Z);
        Bn254G2.mulThreeB(f2, t, e, t, e);
        f2.triple(t, g, t, e);
        f2.mul(t, h, p, po + Y, p, po + Z);
        f2.dbl(t, h, t, h);
        f2.neg(line, 0, t, h);
        f2.sqr(t, u, p, po);
        f2.triple(line, 8, t, u);
        f2.sub(line, 16, t, e, t, b);
        // the point, scaled by 4 so that nothing is halved: (2XY(B - G), (B + G)² - 12E², 4BH)
        f2.sub(t, u, t, b, t, g);
        f2.mul(p, po, t, a, t, u);
        f2.add(t, g, t, b, t, g);
        f2.sqr(t, g, t, g);
        f2.dbl(t, e, t, e);
        f2.sqr(t, e, t, e);
        f2.triple(t, e, t, e);
        f2.sub(p, po + Y, t, g, t, e);
        f2.dbl(t, h, t, h);
        f2.dbl(t, h, t, h);
        f2.mul(p, po + Z, t, b, t, h);
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
}
