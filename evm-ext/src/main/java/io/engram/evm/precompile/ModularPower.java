package io.engram.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Modular exponentiation of unsigned numbers. Odd moduli go to {@link BigInteger}, whose Montgomery multiplication the
 * virtual machine has in machine code; even ones are split into an odd part and a power of two, as BigInteger does too,
 * but with word arithmetic for the power of two. Source of the split: Koç 1994.
 */
final class ModularPower {

    /** Bits of an exponent up to which dividing after every product beats the set-up of the other ways. */
    private static final int SHORT_EXPONENT = 6;

    private ModularPower() {}

    /** {@code base ^ exponent mod modulus} for a modulus above 1 and operands of zero or more. */
    static BigInteger of(BigInteger base, BigInteger exponent, BigInteger modulus) {
        if (exponent.signum() == 0) {
            return BigInteger.ONE;
        }
        if (exponent.bitLength() <= SHORT_EXPONENT) {
            return shortPower(base, exponent.intValueExact(), modulus);
        }
        int twos = modulus.getLowestSetBit();
        if (twos == 0) {
            return base.modPow(exponent, modulus);
        }
        BigInteger low = powerModTwos(base, exponent, twos);
        BigInteger odd = modulus.shiftRight(twos);
        if (odd.equals(BigInteger.ONE)) {
            return low;
        }
        BigInteger high = base.modPow(exponent, odd);
        // Garner: high + odd·((low - high)/odd mod 2^twos)
        int words = (twos + 63) >>> 6;
        long[] difference = words(low.subtract(high), words);
        long[] product = new long[words];
        multiply(product, difference, inverse(words(odd, words)));
        return high.add(odd.multiply(number(product, twos)));
    }

    private static BigInteger shortPower(BigInteger base, int exponent, BigInteger modulus) {
        BigInteger reduced = base.mod(modulus);
        BigInteger power = reduced;
        for (int bit = 30 - Integer.numberOfLeadingZeros(exponent); bit >= 0; bit--) {
            power = power.multiply(power).mod(modulus);
            if ((exponent >>> bit & 1) != 0) {
                power = power.multiply(reduced).mod(modulus);
            }
        }
        return power;
    }

    /** {@code base ^ exponent mod 2^bits} for an exponent of one or more. */
    private static BigInteger powerModTwos(BigInteger base, BigInteger exponent, int bits) {
        if (base.signum() == 0) {
            return BigInteger.ZERO;
        }
        int twos = base.getLowestSetBit();
        BigInteger shift = exponent.multiply(BigInteger.valueOf(twos));
        if (shift.compareTo(BigInteger.valueOf(bits)) >= 0) {
            return BigInteger.ZERO;
        }
        int left = bits - shift.intValueExact();
        int words = (left + 63) >>> 6;
        // the odd numbers modulo 2^left form a group whose exponent divides 2^left
        BigInteger reduced = exponent.bitLength() > left ? low(exponent, left) : exponent;
        long[] power = power(words(base.shiftRight(twos), words), reduced);
        return number(power, left).shiftLeft(shift.intValueExact());
    }

    /** By windows of four bits, all modulo 2^(64·length). */
    private static long[] power(long[] base, BigInteger exponent) {
        int n = base.length;
        long[] result = new long[n];
        result[0] = 1;
        if (exponent.signum() == 0) {
            return result;
        }
        int window = exponent.bitLength() > 16 ? 4 : 1;
        long[][] table = new long[1 << window][n];
        table[0][0] = 1;
        for (int i = 1; i < table.length; i++) {
            multiply(table[i], table[i - 1], base);
        }
        long[] product = new long[n];
        int digits = (exponent.bitLength() + window - 1) / window;
        for (int digit = digits - 1; digit >= 0; digit--) {
            for (int i = 0; i < window && digit != digits - 1; i++) {
                multiply(product, result, result);
                long[] swap = result;
                result = product;
                product = swap;
            }
            int value = 0;
            for (int i = window - 1; i >= 0; i--) {
                value = value << 1 | (exponent.testBit(digit * window + i) ? 1 : 0);
            }
            if (value != 0) {
                multiply(product, result, table[value]);
                long[] swap = result;
                result = product;
                product = swap;
            }
        }
        return result;
    }

    /** 1/odd modulo 2^(64·length) by Newton's iteration, each step doubling the bits that are right. */
    private static long[] inverse(long[] odd) {
        int n = odd.length;
        long[] x = new long[n];
        // three bits are right to begin with
        x[0] = odd[0];
        long[] t = new long[n];
        long[] next = new long[n];
        for (long bits = 3; bits < 64L * n; bits *= 2) {
            multiply(t, odd, x);
            // t = 2 - t
            long borrow = 0;
            for (int i = 0; i < n; i++) {
                long minuend = i == 0 ? 2 : 0;
                long part = minuend - t[i];
                long below = Long.compareUnsigned(minuend, t[i]) < 0 || (part == 0 && borrow == 1) ? 1 : 0;
                t[i] = part - borrow;
                borrow = below;
            }
            multiply(next, x, t);
            long[] swap = x;
            x = next;
            next = swap;
        }
        return x;
    }

    /** z = x·y modulo 2^(64·length); z is neither x nor y. */
    private static void multiply(long[] z, long[] x, long[] y) {
        int n = z.length;
        Arrays.fill(z, 0);
        for (int i = 0; i < n; i++) {
            long a = x[i];
            long carry = 0;
            for (int j = 0; i + j < n; j++) {
                long b = y[j];
                long low = a * b;
                long high = Math.unsignedMultiplyHigh(a, b);
                low += carry;
                high += Long.compareUnsigned(low, carry) < 0 ? 1 : 0;
                long sum = z[i + j] + low;
                carry = high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
                z[i + j] = sum;
            }
        }
    }

    private static BigInteger low(BigInteger value, int bits) {
        return value.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    }

    /** The low words of a number in two's complement, least significant first. */
    private static long[] words(BigInteger value, int count) {
        byte[] bytes = value.toByteArray();
        long[] words = new long[count];
        int sign = value.signum() < 0 ? 0xff : 0;
        for (int i = 0; i < 8 * count; i++) {
            int at = bytes.length - 1 - i;
            words[i >> 3] |= (long) (at >= 0 ? bytes[at] & 0xff : sign) << (8 * (i & 7));
        }
        return words;
    }

    /** The low bits of words, as a number. */
    private static BigInteger number(long[] words, int bits) {
        byte[] bytes = new byte[8 * words.length];
        for (int i = 0; i < words.length; i++) {
            Input.BIG_LONG.set(bytes, 8 * (words.length - 1 - i), words[i]);
        }
        return low(new BigInteger(1, bytes), bits);
    }
}
