package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/** The curve alt_bn128 of EIP-196 and EIP-197: y² = x³ + 3 over the field of p elements, and its parameters. */
final class Bn254 {

    /** The parameter x of the Barreto-Naehrig family. */
    static final long X = 4965661367192848881L;

    /** {@link Bn254Fp} with the same Montgomery form, for {@link Jacobian}. */
    static final Field256 FIELD = new Field256(Bn254Fp.PRIME);

    static final BigInteger ORDER =
            new BigInteger("21888242871839275222246405745257275088548364400416034343698204186575808495617");

    private static final long[] THREE = three();

    private Bn254() {}

    private static long[] three() {
        long[] three = new long[Bn254Fp.LIMBS];
        Bn254Fp.set(three, 0, BigInteger.valueOf(3));
        return three;
    }

    /**
     * Reads x and y as 32 bytes each into a Jacobian point; (0, 0) is the point at infinity. False for a coordinate of p
     * or more or a point off the curve.
     */
    static boolean readG1(long[] point, int po, byte[] input, int offset) {
        if (!Bn254Fp.read(point, po, input, offset) || !Bn254Fp.read(point, po + 4, input, offset + 32)) {
            return false;
        }
        if (Bn254Fp.isZero(point, po) && Bn254Fp.isZero(point, po + 4)) {
            Arrays.fill(point, po + 8, po + 12, 0);
            return true;
        }
        Bn254Fp.setOne(point, po + 8);
        long[] t = new long[8];
        Bn254Fp.sqr(t, 0, point, po);
        Bn254Fp.mul(t, 0, t, 0, point, po);
        Bn254Fp.add(t, 0, t, 0, THREE, 0);
        Bn254Fp.sqr(t, 4, point, po + 4);
        return Bn254Fp.equal(t, 0, t, 4);
    }

    /** The 64 bytes of a Jacobian point, which is left scaled to Z = 1 or at infinity. */
    static byte[] writeG1(long[] point) {
        byte[] output = new byte[64];
        if (!Jacobian.isInfinity(point, 0)) {
            long[] t = new long[8];
            Bn254Fp.inv(t, 0, point, 8);
            Bn254Fp.sqr(t, 4, t, 0);
            Bn254Fp.mul(point, 0, point, 0, t, 4);
            Bn254Fp.mul(t, 4, t, 4, t, 0);
            Bn254Fp.mul(point, 4, point, 4, t, 4);
            Bn254Fp.setOne(point, 8);
            writeAffine(output, point);
        }
        return output;
    }

    /** Writes x and y. */
    static void writeAffine(byte[] output, long[] xy) {
        Bn254Fp.write(output, 0, xy, 0);
        Bn254Fp.write(output, 32, xy, 4);
    }
}
