package io.engram.evm.precompile;

import java.math.BigInteger;

/** Numbers as 64-bit limbs. */
final class Limbs {

    private Limbs() {}

    /** The 32 bytes at {@code offset} as four limbs, least significant first. */
    static long[] read(byte[] bytes, int offset) {
        long[] limbs = new long[4];
        for (int i = 0; i < 4; i++) {
            limbs[i] = (long) Input.BIG_LONG.get(bytes, offset + 24 - 8 * i);
        }
        return limbs;
    }

    /** A number below 2^256 as four limbs, least significant first. */
    static long[] of(BigInteger number) {
        long[] limbs = new long[4];
        for (int i = 0; i < 4; i++) {
            limbs[i] = number.shiftRight(64 * i).longValue();
        }
        return limbs;
    }

    /**
     * Whether the {@code 8 * bound.length} bytes at {@code offset} are, as an unsigned number, below the bound.
     *
     * @param bound limbs, most significant first
     */
    static boolean isBelow(byte[] bytes, int offset, long[] bound) {
        for (int i = 0; i < bound.length; i++) {
            int order = Long.compareUnsigned((long) Input.BIG_LONG.get(bytes, offset + 8 * i), bound[i]);
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }
}
