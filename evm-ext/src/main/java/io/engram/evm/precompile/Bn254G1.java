package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Affine points of alt_bn128, y² = x³ + 3 over {@link Bn254Fp}: x then y, zeros for the point at infinity. All of them have
 * the prime order.
 */
final class Bn254G1 {

    static final int LIMBS = 8;

    private static final int Y = 4;

    private static final long[] B = b();

    private Bn254G1() {}

    private static long[] b() {
        long[] b = new long[Bn254Fp.LIMBS];
        Bn254Fp.set(b, 0, BigInteger.valueOf(3));
        return b;
    }

    static boolean isInfinity(long[] p, int po) {
        return Bn254Fp.isZero(p, po) && Bn254Fp.isZero(p, po + Y);
    }

    /** Reads x and y as 32 bytes each. False for a coordinate of p or more or a point off the curve. */
    static boolean read(long[] p, int po, byte[] input, int offset) {
        return Bn254Fp.read(p, po, input, offset)
                && Bn254Fp.read(p, po + Y, input, offset + 32)
                && (isInfinity(p, po) || isOnCurve(p, po));
    }

    private static boolean isOnCurve(long[] p, int po) {
        long[] t = new long[8];
        Bn254Fp.sqr(t, 0, p, po);
        Bn254Fp.mul(t, 0, t, 0, p, po);
        Bn254Fp.add(t, 0, t, 0, B, 0);
        Bn254Fp.sqr(t, 4, p, po + Y);
        return Bn254Fp.equal(t, 0, t, 4);
    }

    /** The 64 bytes of a point. */
    static byte[] write(long[] p) {
        byte[] output = new byte[64];
        Bn254Fp.write(output, 0, p, 0);
        Bn254Fp.write(output, 32, p, Y);
        return output;
    }

    /** p += q, by the chord or the tangent. One inversion is cheaper than projective coordinates, which end with one too. */
    static void add(long[] p, long[] q) {
        if (isInfinity(q, 0)) {
            return;
        }
        if (isInfinity(p, 0)) {
            Bn254Fp.copy(p, 0, q, 0);
            Bn254Fp.copy(p, Y, q, Y);
            return;
        }
        int slope = 0;
        int a = 4;
        int b = 8;
        long[] t = new long[12];
        if (!Bn254Fp.equal(p, 0, q, 0)) {
            Bn254Fp.sub(t, a, q, Y, p, Y);
            Bn254Fp.sub(t, b, q, 0, p, 0);
        } else if (Bn254Fp.equal(p, Y, q, Y)) {
            // no point has y = 0: the order of the group is odd
            Bn254Fp.sqr(t, b, p, 0);
            Bn254Fp.triple(t, a, t, b);
            Bn254Fp.dbl(t, b, p, Y);
        } else {
            Arrays.fill(p, 0);
            return;
        }
        Bn254Fp.inv(t, b, t, b);
        Bn254Fp.mul(t, slope, t, a, t, b);
        Bn254Fp.sqr(t, a, t, slope);
        Bn254Fp.sub(t, a, t, a, p, 0);
        Bn254Fp.sub(t, a, t, a, q, 0);
        Bn254Fp.sub(t, b, p, 0, t, a);
        Bn254Fp.mul(t, b, t, b, t, slope);
        Bn254Fp.sub(p, Y, t, b, p, Y);
        Bn254Fp.copy(p, 0, t, a);
    }
}
