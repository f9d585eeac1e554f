package io.engram.evm.word;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Operations on 256-bit words that lie in a {@code long[]}, four limbs each, the least significant first. A word is
 * named by the index of its first limb. Results may overwrite operands. Nothing is allocated.
 *
 * <p>Stateless and thread-safe as long as the arrays are not shared.
 */
public final class Words {

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private Words() {}

    /** {@code r = a + b mod 2^256}. */
    public static void add(long[] s, int a, int b, int r) {
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long r0 = s[a] + b0;
        long c = less(r0, b0);
        long t1 = s[a + 1] + b1;
        long r1 = t1 + c;
        c = less(t1, b1) | less(r1, c);
        long t2 = s[a + 2] + b2;
        long r2 = t2 + c;
        c = less(t2, b2) | less(r2, c);
        s[r + 3] = s[a + 3] + s[b + 3] + c;
        s[r] = r0;
        s[r + 1] = r1;
        s[r + 2] = r2;
    }

    /** {@code r = a - b mod 2^256}. */
    public static void sub(long[] s, int a, int b, int r) {
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long c = less(a0, b0);
        long t1 = a1 - b1;
        long c1 = less(a1, b1) | less(t1, c);
        long t2 = a2 - b2;
        long c2 = less(a2, b2) | less(t2, c1);
        s[r + 3] = s[a + 3] - s[b + 3] - c2;
        s[r] = a0 - b0;
        s[r + 1] = t1 - c;
        s[r + 2] = t2 - c1;
    }

    /** {@code r = a · b mod 2^256}. */
    public static void mul(long[] s, int a, int b, int r) {
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long a3 = s[a + 3];
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long b3 = s[b + 3];
        if ((a1 | a2 | a3 | b1 | b2 | b3) == 0) {
            s[r] = a0 * b0;
            s[r + 1] = Math.unsignedMultiplyHigh(a0, b0);
            s[r + 2] = 0;
            s[r + 3] = 0;
            return;
        }
        long r0 = a0 * b0;
        long r1 = Math.unsignedMultiplyHigh(a0, b0);
        long lo = a0 * b1;
        r1 += lo;
        long r2 = Math.unsignedMultiplyHigh(a0, b1) + less(r1, lo);
        lo = a1 * b0;
        r1 += lo;
        long c = less(r1, lo);
        long hi = Math.unsignedMultiplyHigh(a1, b0) + c;
        r2 += hi;
        long r3 = less(r2, hi);
        lo = a0 * b2;
        r2 += lo;
        r3 += less(r2, lo);
        lo = a1 * b1;
        r2 += lo;
        r3 += less(r2, lo);
        lo = a2 * b0;
        r2 += lo;
        r3 += less(r2, lo);
        r3 += Math.unsignedMultiplyHigh(a0, b2)
                + Math.unsignedMultiplyHigh(a1, b1)
                + Math.unsignedMultiplyHigh(a2, b0)
                + a0 * b3
                + a1 * b2
                + a2 * b1
                + a3 * b0;
        s[r] = r0;
        s[r + 1] = r1;
        s[r + 2] = r2;
        s[r + 3] = r3;
    }

    /** The full product {@code a · b} of 8 limbs at {@code r}, which must not overlap the operands. */
    public static void mulFull(long[] s, int a, int b, int r) {
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long b3 = s[b + 3];
        long r0 = 0;
        long r1 = 0;
        long r2 = 0;
        long r3 = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long lo = x * b0;
            long t = r0 + lo;
            s[r + i] = t;
            long carry = Math.unsignedMultiplyHigh(x, b0) + less(t, lo);
            lo = x * b1 + carry;
            t = r1 + lo;
            r0 = t;
            carry = Math.unsignedMultiplyHigh(x, b1) + less(lo, carry) + less(t, lo);
            lo = x * b2 + carry;
            t = r2 + lo;
            r1 = t;
            carry = Math.unsignedMultiplyHigh(x, b2) + less(lo, carry) + less(t, lo);
            lo = x * b3 + carry;
            t = r3 + lo;
            r2 = t;
            r3 = Math.unsignedMultiplyHigh(x, b3) + less(lo, carry) + less(t, lo);
        }
        s[r + 4] = r0;
        s[r + 5] = r1;
        s[r + 6] = r2;
        s[r + 7] = r3;
    }

    public static boolean isZero(long[] s, int a) {
        return (s[a] | s[a + 1] | s[a + 2] | s[a + 3]) == 0;
    }

    public static boolean equal(long[] s, int a, int b) {
        return ((s[a] ^ s[b]) | (s[a + 1] ^ s[b + 1]) | (s[a + 2] ^ s[b + 2]) | (s[a + 3] ^ s[b + 3])) == 0;
    }

    /** Unsigned {@code a < b}. */
    public static boolean lessThan(long[] s, int a, int b) {
        long x = s[a + 3];
        long y = s[b + 3];
        if (x == y) {
            x = s[a + 2];
            y = s[b + 2];
            if (x == y) {
                x = s[a + 1];
                y = s[b + 1];
                if (x == y) {
                    x = s[a];
                    y = s[b];
                }
            }
        }
        return Long.compareUnsigned(x, y) < 0;
    }

    /** Two's complement {@code a < b}. */
    public static boolean lessThanSigned(long[] s, int a, int b) {
        long x = s[a + 3];
        long y = s[b + 3];
        return x == y ? lessThan(s, a, b) : x < y;
    }

    /** {@code r = -a mod 2^256}. */
    public static void negate(long[] s, int a, int r) {
        long r0 = -s[a];
        long c = s[a] == 0 ? 1 : 0;
        long r1 = ~s[a + 1] + c;
        c &= r1 == 0 ? 1 : 0;
        long r2 = ~s[a + 2] + c;
        c &= r2 == 0 ? 1 : 0;
        s[r + 3] = ~s[a + 3] + c;
        s[r] = r0;
        s[r + 1] = r1;
        s[r + 2] = r2;
    }

    /** {@code r = a << shift} for {@code 0 <= shift < 256}. */
    public static void shiftLeft(long[] s, int a, int shift, int r) {
        int bits = shift & 63;
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long a3 = s[a + 3];
        if (bits != 0) {
            int rest = 64 - bits;
            a3 = (a3 << bits) | (a2 >>> rest);
            a2 = (a2 << bits) | (a1 >>> rest);
            a1 = (a1 << bits) | (a0 >>> rest);
            a0 <<= bits;
        }
        switch (shift >>> 6) {
            case 0 -> set(s, r, a0, a1, a2, a3);
            case 1 -> set(s, r, 0, a0, a1, a2);
            case 2 -> set(s, r, 0, 0, a0, a1);
            default -> set(s, r, 0, 0, 0, a0);
        }
    }

    /** {@code r = a >>> shift}, filling with {@code fill} (0 or −1), for {@code 0 <= shift < 256}. */
    public static void shiftRight(long[] s, int a, int shift, long fill, int r) {
        int bits = shift & 63;
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long a3 = s[a + 3];
        if (bits != 0) {
            int rest = 64 - bits;
            a0 = (a0 >>> bits) | (a1 << rest);
            a1 = (a1 >>> bits) | (a2 << rest);
            a2 = (a2 >>> bits) | (a3 << rest);
            a3 = (a3 >>> bits) | (fill << rest);
        }
        switch (shift >>> 6) {
            case 0 -> set(s, r, a0, a1, a2, a3);
            case 1 -> set(s, r, a1, a2, a3, fill);
            case 2 -> set(s, r, a2, a3, fill, fill);
            default -> set(s, r, a3, fill, fill, fill);
        }
    }

    public static void set(long[] s, int r, long l0, long l1, long l2, long l3) {
        s[r] = l0;
        s[r + 1] = l1;
        s[r + 2] = l2;
        s[r + 3] = l3;
    }

    /** Sets the word to an unsigned 64-bit value. */
    public static void set(long[] s, int r, long value) {
        set(s, r, value, 0, 0, 0);
    }

    /** Leading zero bits, 0 to 256. */
    public static int leadingZeros(long[] s, int a) {
        for (int i = 3; i >= 0; i--) {
            if (s[a + i] != 0) {
                return 64 * (3 - i) + Long.numberOfLeadingZeros(s[a + i]);
            }
        }
        return 256;
    }

    /** The word as an unsigned number, or {@link Long#MAX_VALUE} when it exceeds that. */
    public static long clamp(long[] s, int a) {
        long low = s[a];
        return (s[a + 1] | s[a + 2] | s[a + 3]) == 0 && low >= 0 ? low : Long.MAX_VALUE;
    }

    /** Reads 32 big-endian bytes. */
    public static void read(byte[] source, int offset, long[] s, int r) {
        s[r + 3] = (long) BIG.get(source, offset);
        s[r + 2] = (long) BIG.get(source, offset + 8);
        s[r + 1] = (long) BIG.get(source, offset + 16);
        s[r] = (long) BIG.get(source, offset + 24);
    }

    /** Reads 1 to 32 big-endian bytes as a number. */
    public static void read(byte[] source, int offset, int length, long[] s, int r) {
        int end = offset + length;
        for (int limb = 0; limb < 4; limb++) {
            int stop = end - 8 * limb;
            int start = Math.max(offset, stop - 8);
            long value = 0;
            for (int i = start; i < stop; i++) {
                value = (value << 8) | (source[i] & 0xff);
            }
            s[r + limb] = value;
        }
    }

    /** Writes 32 big-endian bytes. */
    public static void write(long[] s, int a, byte[] target, int offset) {
        BIG.set(target, offset, s[a + 3]);
        BIG.set(target, offset + 8, s[a + 2]);
        BIG.set(target, offset + 16, s[a + 1]);
        BIG.set(target, offset + 24, s[a]);
    }

    /** 1 when unsigned {@code x < y}, else 0. */
    static long less(long x, long y) {
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    }
}
