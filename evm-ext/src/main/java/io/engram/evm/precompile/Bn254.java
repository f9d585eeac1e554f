package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/** The curve alt_bn128 of EIP-196 and EIP-197: y² = x³ + 3 over the field of p elements, and its parameters. */
final class Bn254 {

    /** The parameter x of the Barreto-Naehrig family. */
    static final long X = 4965661367192848881L;

    static final Field256 FIELD = new Field256(
            new BigInteger("21888242871839275222246405745257275088696311157297823662689037894645226208583"));

    static final BigInteger ORDER =
            new BigInteger("21888242871839275222246405745257275088548364400416034343698204186575808495617");

    private static final long[] THREE = three();

    private Bn254() {}

    private static long[] three() {
        long[] three = new long[Field256.LIMBS];
        FIELD.set(three, 0, BigInteger.valueOf(3));
        return three;
    }

    /**
     * Reads x and y as 32 bytes each into a Jacobian point; (0, 0) is the point at infinity. False for a coordinate of p
     * or more or a point off the curve.
     */
    static boolean readG1(long[] point, int po, byte[] input, int offset) {
        if (!FIELD.read(point, po, input, offset) || !FIELD.read(point, po + 4, input, offset + 32)) {
            return false;
        }
        if (Field256.isZero(point, po) && Field256.isZero(point, po + 4)) {
            Arrays.fill(point, po + 8, po + 12, 0);
            return true;
        }
        FIELD.setOne(point, po + 8);
        long[] t = new long[8];
        FIELD.sqr(t, 0, point, po);
        FIELD.mul(t, 0, t, 0, point, po);
        FIELD.add(t, 0, t, 0, THREE, 0);
        FIELD.sqr(t, 4, point, po + 4);
        return Field256.equal(t, 0, t, 4);
    }

    /** The 64 bytes of a Jacobian point. */
    static byte[] writeG1(Jacobian curve, long[] point) {
        byte[] output = new byte[64];
        if (!Jacobian.isInfinity(point, 0)) {
            curve.toAffine(point, 0, point, 0);
            FIELD.write(output, 0, point, 0);
            FIELD.write(output, 32, point, 4);
        }
        return output;
    }
}
