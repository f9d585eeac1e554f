package io.engram.evm.word;

import static io.engram.evm.word.Words.less;

/**
 * Division of words: Knuth's algorithm D (The Art of Computer Programming, 4.3.1) on 64-bit limbs, with quotient digits
 * by the reciprocal of Möller and Granlund ("Improved division by invariant integers", 2011), as there is no 128-by-64
 * division in Java.
 *
 * <p>Intermediate values lie in a scratch area of {@link #SCRATCH} longs of the caller's array, which nothing else may
 * write past its first {@link #KNOWN} longs. Division by zero gives
 * zero, as the EVM wants it.
 */
public final class Division {

    /** Longs of scratch space. */
    public static final int SCRATCH = 43;

    private static final int NUMERATOR = 0; // 9 limbs
    private static final int DIVISOR = 12; // 4 limbs
    private static final int QUOTIENT = 16; // 9 limbs
    private static final int PRODUCT = 28; // 8 limbs

    /** The upper two limbs of the last divisor of several limbs, and their reciprocal: a modulus is used many times. */
    private static final int KNOWN = 40;

    private static final int[] RECIPROCAL_START = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            RECIPROCAL_START[i] = ((1 << 19) - 3 * (1 << 8)) / (256 + i);
        }
    }

    private Division() {}

    /** {@code r = floor(a / b)}, unsigned; {@code t} is the scratch area. */
    public static void div(long[] s, int a, int b, int r, int t) {
        int n = length(s, b, 4);
        int m = length(s, a, 4);
        if (n <= 1 && m <= 1) {
            long d = s[b];
            Words.set(s, r, d == 0 ? 0 : Long.divideUnsigned(s[a], d));
            return;
        }
        if (n == 0 || m < n || Words.lessThan(s, a, b)) {
            Words.set(s, r, 0);
            return;
        }
        System.arraycopy(s, a, s, t + NUMERATOR, 4);
        divide(s, m, b, n, t);
        for (int i = 0; i < 4; i++) {
            s[r + i] = i <= m - n ? s[t + QUOTIENT + i] : 0;
        }
    }

    /** {@code r = a mod b}, unsigned. */
    public static void mod(long[] s, int a, int b, int r, int t) {
        int n = length(s, b, 4);
        int m = length(s, a, 4);
        if (n <= 1 && m <= 1) {
            long d = s[b];
            Words.set(s, r, d == 0 ? 0 : Long.remainderUnsigned(s[a], d));
            return;
        }
        if (n == 0) {
            Words.set(s, r, 0);
            return;
        }
        if (m < n || Words.lessThan(s, a, b)) {
            Words.set(s, r, s[a], s[a + 1], s[a + 2], s[a + 3]);
            return;
        }
        System.arraycopy(s, a, s, t + NUMERATOR, 4);
        remainder(s, n, divide(s, m, b, n, t), r, t);
    }

    /** Two's complement quotient, rounded towards zero. */
    public static void sdiv(long[] s, int a, int b, int r, int t) {
        boolean negativeA = s[a + 3] < 0;
        boolean negativeB = s[b + 3] < 0;
        absolute(s, a, t + PRODUCT);
        absolute(s, b, t + PRODUCT + 4);
        div(s, t + PRODUCT, t + PRODUCT + 4, r, t);
        if (negativeA != negativeB) {
            Words.negate(s, r, r);
        }
    }

    /** Two's complement remainder with the sign of {@code a}. */
    public static void smod(long[] s, int a, int b, int r, int t) {
        boolean negative = s[a + 3] < 0;
        absolute(s, a, t + PRODUCT);
        absolute(s, b, t + PRODUCT + 4);
        mod(s, t + PRODUCT, t + PRODUCT + 4, r, t);
        if (negative) {
            Words.negate(s, r, r);
        }
    }

    /** {@code r = (a + b) mod m} without wrapping at 2^256. */
    public static void addmod(long[] s, int a, int b, int m, int r, int t) {
        int n = length(s, m, 4);
        if (n == 0) {
            Words.set(s, r, 0);
            return;
        }
        int u = t + NUMERATOR;
        boolean reduced = Words.lessThan(s, a, m) && Words.lessThan(s, b, m);
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long sum = x + s[b + i];
            long c = less(sum, x);
            sum += carry;
            carry = c | less(sum, carry);
            s[u + i] = sum;
        }
        if (reduced) {
            if (carry != 0 || !Words.lessThan(s, u, m)) {
                Words.sub(s, u, m, r);
            } else {
                Words.set(s, r, s[u], s[u + 1], s[u + 2], s[u + 3]);
            }
            return;
        }
        s[u + 4] = carry;
        reduce(s, 5, m, n, r, t);
    }

    /** {@code r = (a · b) mod m} without wrapping at 2^256. */
    public static void mulmod(long[] s, int a, int b, int m, int r, int t) {
        int n = length(s, m, 4);
        if (n == 0) {
            Words.set(s, r, 0);
            return;
        }
        Words.mulFull(s, a, b, t + NUMERATOR);
        reduce(s, 8, m, n, r, t);
    }

    /** Remainder of the {@code limbs} long numerator in the scratch area. */
    private static void reduce(long[] s, int limbs, int m, int n, int r, int t) {
        int u = t + NUMERATOR;
        int length = length(s, u, limbs);
        if (length < n || (length == n && n == 4 && Words.lessThan(s, u, m))) {
            for (int i = 0; i < 4; i++) {
                s[r + i] = i < length ? s[u + i] : 0;
            }
            return;
        }
        remainder(s, n, divide(s, length, m, n, t), r, t);
    }

    /** Stores the remainder that {@link #divide} left, shifting it back. */
    private static void remainder(long[] s, int n, int shift, int r, int t) {
        int u = t + NUMERATOR;
        for (int i = 0; i < 4; i++) {
            if (i >= n) {
                s[r + i] = 0;
            } else if (shift == 0) {
                s[r + i] = s[u + i];
            } else {
                long above = i + 1 < n ? s[u + i + 1] : 0;
                s[r + i] = (s[u + i] >>> shift) | (above << (64 - shift));
            }
        }
    }

    /**
     * Divides the {@code m}-limb numerator by the {@code n}-limb word at {@code b}, {@code m >= n >= 1}. Leaves the
     * quotient's {@code m - n + 1} limbs and, in the numerator's place, the remainder times {@code 2^shift}.
     *
     * @return shift, by which the operands were normalised
     */
    private static int divide(long[] s, int m, int b, int n, int t) {
        int u = t + NUMERATOR;
        int v = t + DIVISOR;
        int q = t + QUOTIENT;
        int shift = Long.numberOfLeadingZeros(s[b + n - 1]);
        if (shift == 0) {
            for (int i = 0; i < n; i++) {
                s[v + i] = s[b + i];
            }
            s[u + m] = 0;
        } else {
            int rest = 64 - shift;
            for (int i = n - 1; i > 0; i--) {
                s[v + i] = (s[b + i] << shift) | (s[b + i - 1] >>> rest);
            }
            s[v] = s[b] << shift;
            s[u + m] = s[u + m - 1] >>> rest;
            for (int i = m - 1; i > 0; i--) {
                s[u + i] = (s[u + i] << shift) | (s[u + i - 1] >>> rest);
            }
            s[u] <<= shift;
        }
        long high = s[v + n - 1];
        if (n == 1) {
            divideByLimb(s, u, m, high, reciprocal(high), q);
            return shift;
        }
        long low = s[v + n - 2];
        long inverse;
        int known = t + KNOWN;
        if (s[known] == high && s[known + 1] == low) {
            inverse = s[known + 2];
        } else {
            inverse = reciprocal(high, low);
            s[known] = high;
            s[known + 1] = low;
            s[known + 2] = inverse;
        }
        for (int j = m - n; j >= 0; j--) {
            s[q + j] = digit(s, u + j, v, n, high, low, inverse);
        }
        return shift;
    }

    private static void divideByLimb(long[] s, int u, int m, long d, long inverse, int q) {
        long r = s[u + m];
        for (int j = m - 1; j >= 0; j--) {
            long low = s[u + j];
            long q0 = inverse * r;
            long q1 = Math.unsignedMultiplyHigh(inverse, r) + r;
            q0 += low;
            q1 += less(q0, low) + 1;
            r = low - q1 * d;
            if (Long.compareUnsigned(r, q0) > 0) {
                q1--;
                r += d;
            }
            if (Long.compareUnsigned(r, d) >= 0) {
                q1++;
                r -= d;
            }
            s[q + j] = q1;
        }
        s[u] = r;
    }

    /**
     * One quotient digit: divides the {@code n + 1} limbs at {@code u} by the normalised divisor, of which {@code d1} and
     * {@code d0} are the upper limbs, and leaves the remainder in the lower {@code n} of them.
     */
    private static long digit(long[] s, int u, int v, int n, long d1, long d0, long inverse) {
        int top = u + n;
        long u2 = s[top];
        long u1 = s[top - 1];
        if (u2 == 0 && Long.compareUnsigned(u1, d1) < 0) {
            return 0;
        }
        if (u2 == d1 && u1 == d0) { // more cannot be: the running remainder is below the divisor
            subtractProduct(s, u, v, n, -1);
            return -1;
        }
        // Three limbs by two; Möller and Granlund, algorithm 5.
        long q0 = inverse * u2;
        long digit = Math.unsignedMultiplyHigh(inverse, u2) + u2;
        q0 += u1;
        digit += less(q0, u1);
        long r1 = u1 - digit * d1;
        long lo = digit * d0;
        long hi = Math.unsignedMultiplyHigh(digit, d0);
        long u0 = s[top - 2];
        long r0 = u0 - lo;
        r1 -= hi + less(u0, lo);
        r1 -= d1 + less(r0, d0);
        r0 -= d0;
        digit++;
        if (Long.compareUnsigned(r1, q0) >= 0) {
            digit--;
            r0 += d0;
            r1 += d1 + less(r0, d0);
        }
        if (Long.compareUnsigned(r1, d1) > 0 || (r1 == d1 && Long.compareUnsigned(r0, d0) >= 0)) {
            digit++;
            r1 -= d1 + less(r0, d0);
            r0 -= d0;
        }
        if (n > 2) {
            long y = s[v];
            lo = digit * y;
            long x = s[u];
            s[u] = x - lo;
            long borrow = Math.unsignedMultiplyHigh(digit, y) + less(x, lo);
            if (n == 4) {
                y = s[v + 1];
                lo = digit * y + borrow;
                x = s[u + 1];
                s[u + 1] = x - lo;
                borrow = Math.unsignedMultiplyHigh(digit, y) + less(lo, borrow) + less(x, lo);
            }
            long c = less(r0, borrow);
            r0 -= borrow;
            if (Long.compareUnsigned(r1, c) < 0) { // one too large
                s[top - 2] = r0;
                s[top - 1] = r1 - c;
                addDivisor(s, u, v, n);
                return digit - 1;
            }
            r1 -= c;
        }
        s[top - 2] = r0;
        s[top - 1] = r1;
        return digit;
    }

    private static void subtractProduct(long[] s, int u, int v, int n, long digit) {
        long borrow = 0;
        for (int i = 0; i < n; i++) {
            long lo = digit * s[v + i];
            long hi = Math.unsignedMultiplyHigh(digit, s[v + i]);
            lo += borrow;
            hi += less(lo, borrow);
            long x = s[u + i];
            s[u + i] = x - lo;
            borrow = hi + less(x, lo);
        }
    }

    private static void addDivisor(long[] s, int u, int v, int n) {
        long carry = 0;
        for (int i = 0; i < n; i++) {
            long y = s[v + i];
            long sum = s[u + i] + y;
            long c = less(sum, y);
            sum += carry;
            carry = c | less(sum, carry);
            s[u + i] = sum;
        }
    }

    /** {@code floor((2^192 - 1) / (d1 · 2^64 + d0)) - 2^64} for a divisor with its top bit set; algorithm 6. */
    private static long reciprocal(long d1, long d0) {
        long v = reciprocal(d1);
        long p = d1 * v + d0;
        if (Long.compareUnsigned(p, d0) < 0) {
            v--;
            if (Long.compareUnsigned(p, d1) >= 0) {
                v--;
                p -= d1;
            }
            p -= d1;
        }
        long hi = Math.unsignedMultiplyHigh(v, d0);
        long lo = v * d0;
        p += hi;
        if (Long.compareUnsigned(p, hi) < 0) {
            v--;
            if (Long.compareUnsigned(p, d1) > 0 || (p == d1 && Long.compareUnsigned(lo, d0) >= 0)) {
                v--;
            }
        }
        return v;
    }

    /** {@code floor((2^128 - 1) / d) - 2^64} for a divisor with its top bit set. */
    static long reciprocal(long d) {
        long v0 = RECIPROCAL_START[(int) (d >>> 55) - 256];
        long d40 = (d >>> 24) + 1;
        long v1 = (v0 << 11) - ((v0 * v0 * d40) >>> 40) - 1;
        long v2 = (v1 << 13) + ((v1 * ((1L << 60) - v1 * d40)) >>> 47);
        long odd = d & 1;
        long d63 = (d >>> 1) + odd;
        long e = ((v2 >>> 1) & -odd) - v2 * d63;
        long v3 = (v2 << 31) + (Math.unsignedMultiplyHigh(v2, e) >>> 1);
        long lo = v3 * d + d;
        return v3 - (Math.unsignedMultiplyHigh(v3, d) + d + less(lo, d));
    }

    /** Limbs in use among the {@code limbs} at {@code a}. */
    private static int length(long[] s, int a, int limbs) {
        int n = limbs;
        while (n > 0 && s[a + n - 1] == 0) {
            n--;
        }
        return n;
    }

    private static void absolute(long[] s, int a, int r) {
        if (s[a + 3] < 0) {
            Words.negate(s, a, r);
        } else {
            Words.set(s, r, s[a], s[a + 1], s[a + 2], s[a + 3]);
        }
    }
}
