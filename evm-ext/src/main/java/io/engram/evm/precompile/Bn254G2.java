package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Points of the twist y² = x³ + 3/(9 + i) over Fp2 in Jacobian coordinates: three elements of Fp2, Z = 0 at infinity.
 * Holds scratch space: one object a thread.
 */
final class Bn254G2 {

    static final int LIMBS = 24;

    private static final int Y = 8;
    private static final int Z = 16;

    /** 3/(9 + i). */
    private static final long[] B = twistB();

    private final Bn254Fp2 f;
    private final long[] t = new long[8 * 9];

    Bn254G2(Bn254Fp2 field) {
        this.f = field;
    }

    private static long[] twistB() {
        Bn254Fp2 f = new Bn254Fp2();
        long[] b = new long[16];
        Bn254Fp2.setOne(b, 0);
        f.mulXi(b, 0, b, 0);
        f.inv(b, 0, b, 0);
        Bn254Fp.set(b, 8, BigInteger.valueOf(3));
        f.mul(b, 0, b, 0, b, 8);
        return Arrays.copyOf(b, 8);
    }

    static void copyB(long[] z, int zo) {
        Bn254Fp2.copy(z, zo, B, 0);
    }

    static boolean isInfinity(long[] p, int po) {
        return Bn254Fp2.isZero(p, po + Z);
    }

    /**
     * Reads 128 bytes, x then y, each with the imaginary part first; zeros are the point at infinity. False for a
     * coordinate of p or more, a point off the curve or one outside the subgroup of the prime order.
     */
    boolean read(long[] point, int po, byte[] input, int offset) {
        if (!Bn254Fp.read(point, po + 4, input, offset)
                || !Bn254Fp.read(point, po, input, offset + 32)
                || !Bn254Fp.read(point, po + Y + 4, input, offset + 64)
                || !Bn254Fp.read(point, po + Y, input, offset + 96)) {
            return false;
        }
        if (Bn254Fp2.isZero(point, po) && Bn254Fp2.isZero(point, po + Y)) {
            Bn254Fp2.setZero(point, po + Z);
            return true;
        }
        Bn254Fp2.setOne(point, po + Z);
        return isOnCurve(point, po) && isInSubgroup(point, po);
    }

    /** For a point with Z = 1. */
    private boolean isOnCurve(long[] p, int po) {
        f.sqr(t, 0, p, po);
        f.mul(t, 0, t, 0, p, po);
        f.add(t, 0, t, 0, B, 0);
        f.sqr(t, 8, p, po + Y);
        return Bn254Fp2.equal(t, 0, t, 8);
    }

    /**
     * Whether [x + 1]P + ψ([x]P) + ψ²([x]P) = ψ³([2x]P), which holds on the curve just for the points of the subgroup.
     * Source: El Housni, Guillevic, Piellard 2022, "Co-factor clearing and subgroup membership testing".
     */
    boolean isInSubgroup(long[] p, int po) {
        long[] w = new long[3 * LIMBS];
        int a = 0;
        int b = LIMBS;
        int c = 2 * LIMBS;
        mulByX(w, a, p, po);
        endomorphism(w, b, w, a);
        add(w, c, w, a, p, po);
        add(w, c, w, c, w, b);
        endomorphism(w, b, w, b);
        add(w, c, w, c, w, b);
        endomorphism(w, b, w, b);
        dbl(w, b, w, b);
        return equal(w, b, w, c);
    }

    /** z = [x]p for the curve's parameter x; z must not be the place of p. */
    private void mulByX(long[] z, int zo, long[] p, int po) {
        System.arraycopy(p, po, z, zo, LIMBS);
        for (int bit = 62 - Long.numberOfLeadingZeros(Bn254.X); bit >= 0; bit--) {
            dbl(z, zo, z, zo);
            if ((Bn254.X >>> bit & 1) != 0) {
                add(z, zo, z, zo, p, po);
            }
        }
    }

    /** ψ: untwist, Frobenius, twist; acts on the subgroup as multiplication by p. */
    private void endomorphism(long[] z, int zo, long[] p, int po) {
        Bn254Fp12.copyFrobeniusFactor(t, 0, 2);
        Bn254Fp12.copyFrobeniusFactor(t, 8, 3);
        f.conjugate(z, zo, p, po);
        f.mul(z, zo, z, zo, t, 0);
        f.conjugate(z, zo + Y, p, po + Y);
        f.mul(z, zo + Y, z, zo + Y, t, 8);
        f.conjugate(z, zo + Z, p, po + Z);
    }

    private boolean equal(long[] p, int po, long[] q, int qo) {
        if (isInfinity(p, po) || isInfinity(q, qo)) {
            return isInfinity(p, po) && isInfinity(q, qo);
        }
        f.sqr(t, 0, p, po + Z);
        f.sqr(t, 8, q, qo + Z);
        f.mul(t, 16, p, po, t, 8);
        f.mul(t, 24, q, qo, t, 0);
        if (!Bn254Fp2.equal(t, 16, t, 24)) {
            return false;
        }
        f.mul(t, 0, t, 0, p, po + Z);
        f.mul(t, 8, t, 8, q, qo + Z);
        f.mul(t, 16, p, po + Y, t, 8);
        f.mul(t, 24, q, qo + Y, t, 0);
        return Bn254Fp2.equal(t, 16, t, 24);
    }

    /** z = 2p. Source: Explicit-Formulas Database, dbl-2009-l. */
    void dbl(long[] z, int zo, long[] p, int po) {
        int a = 0;
        int b = 8;
        int c = 16;
        int d = 24;
        int e = 32;
        f.sqr(t, a, p, po);
        f.sqr(t, b, p, po + Y);
        f.sqr(t, c, t, b);
        f.add(t, d, p, po, t, b);
        f.sqr(t, d, t, d);
        f.sub(t, d, t, d, t, a);
        f.sub(t, d, t, d, t, c);
        f.dbl(t, d, t, d);
        f.dbl(t, e, t, a);
        f.add(t, e, t, e, t, a);
        f.mul(z, zo + Z, p, po + Y, p, po + Z);
        f.dbl(z, zo + Z, z, zo + Z);
        f.sqr(t, a, t, e);
        f.sub(t, a, t, a, t, d);
        f.sub(z, zo, t, a, t, d);
        f.sub(t, d, t, d, z, zo);
        f.mul(t, d, t, d, t, e);
        f.dbl(t, c, t, c);
        f.dbl(t, c, t, c);
        f.dbl(t, c, t, c);
        f.sub(z, zo + Y, t, d, t, c);
    }

    /** z = p + q for any two points. Source: Explicit-Formulas Database, add-2007-bl. */
    void add(long[] z, int zo, long[] p, int po, long[] q, int qo) {
        if (isInfinity(p, po)) {
            System.arraycopy(q, qo, z, zo, LIMBS);
            return;
        }
        if (isInfinity(q, qo)) {
            System.arraycopy(p, po, z, zo, LIMBS);
            return;
        }
        int z1z1 = 0;
        int z2z2 = 8;
        int u1 = 16;
        int h = 24;
        int s1 = 32;
        int r = 40;
        int i = 48;
        int j = 56;
        f.sqr(t, z1z1, p, po + Z);
        f.sqr(t, z2z2, q, qo + Z);
        f.mul(t, u1, p, po, t, z2z2);
        f.mul(t, h, q, qo, t, z1z1);
        f.sub(t, h, t, h, t, u1);
        f.mul(t, s1, p, po + Y, q, qo + Z);
        f.mul(t, s1, t, s1, t, z2z2);
        f.mul(t, r, q, qo + Y, p, po + Z);
        f.mul(t, r, t, r, t, z1z1);
        f.sub(t, r, t, r, t, s1);
        if (Bn254Fp2.isZero(t, h)) {
            if (Bn254Fp2.isZero(t, r)) {
                dbl(z, zo, p, po);
            } else {
                Arrays.fill(z, zo, zo + LIMBS, 0);
            }
            return;
        }
        f.dbl(t, r, t, r);
        f.dbl(t, i, t, h);
        f.sqr(t, i, t, i);
        f.mul(t, j, t, h, t, i);
        f.mul(t, u1, t, u1, t, i);
        f.mul(t, i, p, po + Z, q, qo + Z);
        f.dbl(t, i, t, i);
        f.mul(z, zo + Z, t, i, t, h);
        f.sqr(t, i, t, r);
        f.sub(t, i, t, i, t, j);
        f.sub(t, i, t, i, t, u1);
        f.sub(z, zo, t, i, t, u1);
        f.sub(t, u1, t, u1, z, zo);
        f.mul(t, u1, t, u1, t, r);
        f.mul(t, s1, t, s1, t, j);
        f.dbl(t, s1, t, s1);
        f.sub(z, zo + Y, t, u1, t, s1);
    }
}
