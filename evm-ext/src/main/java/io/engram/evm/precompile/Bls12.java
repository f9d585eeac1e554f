package io.engram.evm.precompile;

import java.lang.foreign.MemorySegment;

/**
 * The encodings of EIP-2537: a field element is 64 big-endian bytes below p, an element of Fp2 two of them, a point two
 * coordinates and the point at infinity all zeros.
 */
final class Bls12 {

    /** Bytes of an encoded field element, of which the first 16 are zero. */
    static final int FP = 64;

    static final int PADDING = FP - Blst.FP;
    static final int G1 = 2 * FP;
    static final int G2 = 4 * FP;
    static final int SCALAR = 32;

    /** Order of the groups, most significant limb first. */
    static final long[] ORDER = {0x73eda753299d7d48L, 0x3339d80809a1d805L, 0x53bda402fffe5bfeL, 0xffffffff00000001L};

    private static final long[] PRIME = {
        0x1a0111ea397fe69aL,
        0x4b1ba7b6434bacd7L,
        0x64774b84f38512bfL,
        0x6730d2a0f6b0f624L,
        0x1eabfffeb153ffffL,
        0xb9feffffffffaaabL
    };

    private Bls12() {}

    /**
     * Reads {@code count} field elements into native memory; false where one is p or more.
     *
     * @param to room for {@code count} elements of 48 bytes
     */
    static boolean readFps(Blst blst, MemorySegment to, byte[] input, int offset, int count) {
        MemorySegment bytes = MemorySegment.ofArray(input);
        for (int i = 0; i < count; i++) {
            int at = offset + FP * i;
            if (!Input.isZero(input, at, at + PADDING) || !Limbs.isBelow(input, at + PADDING, PRIME)) {
                return false;
            }
            blst.readFp(to.asSlice((long) Blst.FP * i, Blst.FP), bytes.asSlice(at + PADDING, Blst.FP));
        }
        return true;
    }

    /** Reads an affine point; the point at infinity becomes zeros. False unless it encodes a point of the curve. */
    static boolean readPoint(Blst blst, Blst.Group group, MemorySegment affine, byte[] input, int offset) {
        return readFps(blst, affine, input, offset, group.affine / Blst.FP)
                && (isInfinity(group, input, offset) || group.isOnCurve(affine));
    }

    static boolean isInfinity(Blst.Group group, byte[] input, int offset) {
        return Input.isZero(input, offset, offset + encodedLength(group));
    }

    /** Bytes of an encoded point. */
    static int encodedLength(Blst.Group group) {
        return group.affine / Blst.FP * FP;
    }

    /** The encoding of an affine point. */
    static byte[] writePoint(Blst blst, Blst.Group group, MemorySegment affine) {
        byte[] output = new byte[encodedLength(group)];
        MemorySegment bytes = MemorySegment.ofArray(output);
        for (int i = 0; i < group.affine / Blst.FP; i++) {
            blst.writeFp(bytes.asSlice((long) FP * i + PADDING, Blst.FP), affine.asSlice((long) Blst.FP * i, Blst.FP));
        }
        return output;
    }
}
