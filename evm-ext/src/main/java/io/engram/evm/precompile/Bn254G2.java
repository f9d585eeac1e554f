package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Affine points of the twist y² = x³ + 3/(9 + i) over Fp2: x then y, zeros for the point at infinity. Whether a point lies
 * in the subgroup of the prime order is seen at the end of its {@link Bn254MillerLoop}.
 */
final class Bn254G2 {

    static final int LIMBS = 16;

    static final int Y = 8;

    /** 3/(9 + i). */
    private static final long[] B = twistB();

    private static final long[] FROBENIUS_X = Bn254Fp12.frobeniusFactor(2);
    private static final long[] FROBENIUS_Y = Bn254Fp12.frobeniusFactor(3);

    private Bn254G2() {}

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

    static boolean isInfinity(long[] q, int qo) {
        return Bn254Fp2.isZero(q, qo) && Bn254Fp2.isZero(q, qo + Y);
    }

    /**
     * Reads 128 bytes, x then y, each with the imaginary part first. False for a coordinate of p or more or a point off the
     * curve.
     */
    static boolean read(Bn254Fp2 f, long[] q, int qo, byte[] input, int offset) {
        return Bn254Fp.read(q, qo + 4, input, offset)
                && Bn254Fp.read(q, qo, input, offset + 32)
                && Bn254Fp.read(q, qo + Y + 4, input, offset + 64)
                && Bn254Fp.read(q, qo + Y, input, offset + 96)
                && (isInfinity(q, qo) || isOnCurve(f, q, qo));
    }

    private static boolean isOnCurve(Bn254Fp2 f, long[] q, int qo) {
        long[] t = new long[16];
        f.sqr(t, 0, q, qo);
        f.mul(t, 0, t, 0, q, qo);
        f.add(t, 0, t, 0, B, 0);
        f.sqr(t, 8, q, qo + Y);
        return Bn254Fp2.equal(t, 0, t, 8);
    }

    /** z = 3b·x for the b of the twist's equation. */
    static void mulThreeB(Bn254Fp2 f, long[] z, int zo, long[] x, int xo) {
        f.mul(z, zo, x, xo, B, 0);
        f.triple(z, zo, z, zo);
    }

    /** ψ: untwist, Frobenius, twist; acts on the subgroup as multiplication by p. */
    static void endomorphism(Bn254Fp2 f, long[] z, int zo, long[] q, int qo) {
        f.conjugate(z, zo, q, qo);
        f.mul(z, zo, z, zo, FROBENIUS_X, 0);
        f.conjugate(z, zo + Y, q, qo + Y);
        f.mul(z, zo + Y, z, zo + Y, FROBENIUS_Y, 0);
    }
}
