package io.engram.evm.operation;

import io.engram.evm.word.Words;

/** Opcodes 0x10 to 0x1e: comparison, bitwise logic and shifts; conventions as in {@link Arithmetic}. */
public final class Comparison {

    private Comparison() {}

    public static void lessThan(long[] s, int sp) {
        Words.set(s, sp - 8, Words.lessThan(s, sp - 4, sp - 8) ? 1 : 0);
    }

    public static void greaterThan(long[] s, int sp) {
        Words.set(s, sp - 8, Words.lessThan(s, sp - 8, sp - 4) ? 1 : 0);
    }

    public static void signedLessThan(long[] s, int sp) {
        Words.set(s, sp - 8, Words.lessThanSigned(s, sp - 4, sp - 8) ? 1 : 0);
    }

    public static void signedGreaterThan(long[] s, int sp) {
        Words.set(s, sp - 8, Words.lessThanSigned(s, sp - 8, sp - 4) ? 1 : 0);
    }

    public static void equal(long[] s, int sp) {
        Words.set(s, sp - 8, Words.equal(s, sp - 4, sp - 8) ? 1 : 0);
    }

    public static void isZero(long[] s, int sp) {
        Words.set(s, sp - 4, Words.isZero(s, sp - 4) ? 1 : 0);
    }

    public static void and(long[] s, int sp) {
        s[sp - 8] &= s[sp - 4];
        s[sp - 7] &= s[sp - 3];
        s[sp - 6] &= s[sp - 2];
        s[sp - 5] &= s[sp - 1];
    }

    public static void or(long[] s, int sp) {
        s[sp - 8] |= s[sp - 4];
        s[sp - 7] |= s[sp - 3];
        s[sp - 6] |= s[sp - 2];
        s[sp - 5] |= s[sp - 1];
    }

    public static void xor(long[] s, int sp) {
        s[sp - 8] ^= s[sp - 4];
        s[sp - 7] ^= s[sp - 3];
        s[sp - 6] ^= s[sp - 2];
        s[sp - 5] ^= s[sp - 1];
    }

    public static void not(long[] s, int sp) {
        s[sp - 4] = ~s[sp - 4];
        s[sp - 3] = ~s[sp - 3];
        s[sp - 2] = ~s[sp - 2];
        s[sp - 1] = ~s[sp - 1];
    }

    /** BYTE: the index counts from the most significant byte. */
    public static void byteAt(long[] s, int sp) {
        long value = 0;
        if (fits(s, sp - 4, 32)) {
            int index = 31 - (int) s[sp - 4];
            value = (s[sp - 8 + (index >>> 3)] >>> (8 * (index & 7))) & 0xff;
        }
        Words.set(s, sp - 8, value);
    }

    public static void shiftLeft(long[] s, int sp) {
        if (fits(s, sp - 4, 256)) {
            Words.shiftLeft(s, sp - 8, (int) s[sp - 4], sp - 8);
        } else {
            Words.set(s, sp - 8, 0);
        }
    }

    public static void shiftRight(long[] s, int sp) {
        if (fits(s, sp - 4, 256)) {
            Words.shiftRight(s, sp - 8, (int) s[sp - 4], 0, sp - 8);
        } else {
            Words.set(s, sp - 8, 0);
        }
    }

    public static void shiftRightSigned(long[] s, int sp) {
        long fill = s[sp - 5] >> 63;
        if (fits(s, sp - 4, 256)) {
            Words.shiftRight(s, sp - 8, (int) s[sp - 4], fill, sp - 8);
        } else {
            Words.set(s, sp - 8, fill, fill, fill, fill);
        }
    }

    /** CLZ (EIP-7939). */
    public static void leadingZeros(long[] s, int sp) {
        Words.set(s, sp - 4, Words.leadingZeros(s, sp - 4));
    }

    private static boolean fits(long[] s, int at, int limit) {
        return (s[at + 1] | s[at + 2] | s[at + 3]) == 0 && Long.compareUnsigned(s[at], limit) < 0;
    }
}
