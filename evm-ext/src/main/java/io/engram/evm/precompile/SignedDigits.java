package io.engram.evm.precompile;

import java.math.BigInteger;

/** Width-w non-adjacent form of an unsigned number: digits are 0 or odd, below 2^(w-1) in size, at least w apart. */
final class SignedDigits {

    /** Room for the digits of any 256-bit number at any width up to {@link #MAX_WIDTH}. */
    static final int CAPACITY = 257;

    static final int MAX_WIDTH = 8;

    private SignedDigits() {}

    /**
     * Writes the digits of a 256-bit number, least significant first, and returns how many there are.
     *
     * @param digits {@link #CAPACITY} places, all zero
     * @param k four limbs, least significant first
     */
    static int of(byte[] digits, long[] k, int width) {
        int count = 0;
        int carry = 0;
        int position = 0;
        while (position < 256 || carry != 0) {
            if (bits(k, position, 1) == carry) {
                position++;
                continue;
            }
            int digit = bits(k, position, width) + carry;
            carry = digit >> (width - 1);
            digit -= carry << width;
            digits[position] = (byte) digit;
            count = position + 1;
            position += width;
        }
        return count;
    }

    /** The digits of a number below 2^256, from the most significant on, which is not 0. */
    static byte[] mostSignificantFirst(BigInteger number, int width) {
        byte[] digits = new byte[CAPACITY];
        int count = of(digits, Limbs.of(number), width);
        byte[] reversed = new byte[count];
        for (int i = 0; i < count; i++) {
            reversed[i] = digits[count - 1 - i];
        }
        return reversed;
    }

    /** {@code length} bits from {@code position} on; zero past the end. */
    private static int bits(long[] k, int position, int length) {
        int limb = position >> 6;
        int offset = position & 63;
        if (limb >= k.length) {
            return 0;
        }
        long value = k[limb] >>> offset;
        if (offset + length > 64 && limb + 1 < k.length) {
            value |= k[limb + 1] << (64 - offset);
        }
        return (int) value & ((1 << length) - 1);
    }
}
