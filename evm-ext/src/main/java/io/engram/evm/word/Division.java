package io.engram.evm.word;

import static io.engram.evm.word.Words.less;

/**
 * Division of words: Knuth's algorithm D (The Art of Computer Programming, 4.3.1) on 64-bit limbs, one path for each
 * length of the divisor, in which divisor and running remainder are locals. Quotient digits come from a {@link
 * Reciprocal}; the one of the last divisor is kept, as a modulus is used many times.
 *
 * <p>Numerators and quotients lie in a scratch area of {@link #SCRATCH} longs of the caller's array, which nothing else
 * may write past its first {@link #KNOWN} longs. Division by zero gives zero, as the EVM wants it.
 */
public final class Division {

    /** Longs of scratch space. */
    public static final int SCRATCH = 48;

    private static final int NUMERATOR = 0; // 9 limbs
    private static final int QUOTIENT = 12; // 9 limbs
    private static final int SIGNED = 24; // 8 limbs

    /** The last normalised divisor of one limb, and its reciprocal. No such divisor is zero. */
    private static final int KNOWN = 40;

    /** The upper two limbs of the last longer one, and their reciprocal. */
    private static final int KNOWN_PAIR = 42;

    /** The same for sums and products: their modulus stays, whatever is divided in between. */
    private static final int KNOWN_MODULUS = 45;

    private Division() {}

    /** {@code r = floor(a / b)}, unsigned; {@code t} is the scratch area. */
    public static void div(long[] s, int a, int b, int r, int t) {
        if ((s[a + 1] | s[a + 2] | s[a + 3] | s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            long d = s[b];
            Words.set(s, r, d == 0 ? 0 : Long.divideUnsigned(s[a], d));
            return;
        }
        int n = length(s, b);
        if (n == 0 || Words.lessThan(s, a, b)) {
            Words.set(s, r, 0);
            return;
        }
        int m = length(s, a);
        numerator(s, a, t);
        divide(s, m, b, n, t, t + KNOWN_PAIR);
        int q = t + QUOTIENT;
        int digits = m - n + 1;
        Words.set(s, r, s[q], digits > 1 ? s[q + 1] : 0, digits > 2 ? s[q + 2] : 0, digits > 3 ? s[q + 3] : 0);
    }

    /** {@code r = a mod b}, unsigned. */
    public static void mod(long[] s, int a, int b, int r, int t) {
        if ((s[a + 1] | s[a + 2] | s[a + 3] | s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            long d = s[b];
            Words.set(s, r, d == 0 ? 0 : Long.remainderUnsigned(s[a], d));
            return;
        }
        int n = length(s, b);
        if (n == 0) {
            Words.set(s, r, 0);
            return;
        }
        if (Words.lessThan(s, a, b)) {
            Words.set(s, r, s[a], s[a + 1], s[a + 2], s[a + 3]);
            return;
        }
        numerator(s, a, t);
        remainder(s, n, divide(s, length(s, a), b, n, t, t + KNOWN_PAIR), r, t);
    }

    private static void numerator(long[] s, int a, int t) {
        Words.set(s, t + NUMERATOR, s[a], s[a + 1], s[a + 2], s[a + 3]);
    }

    /** Two's complement quotient, rounded towards zero. */
    public static void sdiv(long[] s, int a, int b, int r, int t) {
        boolean negative = (s[a + 3] ^ s[b + 3]) < 0;
        absolute(s, a, t + SIGNED);
        absolute(s, b, t + SIGNED + 4);
        div(s, t + SIGNED, t + SIGNED + 4, r, t);
        if (negative) {
            Words.negate(s, r, r);
        }
    }

    /** Two's complement remainder with the sign of {@code a}. */
    public static void smod(long[] s, int a, int b, int r, int t) {
        boolean negative = s[a + 3] < 0;
        absolute(s, a, t + SIGNED);
        absolute(s, b, t + SIGNED + 4);
        mod(s, t + SIGNED, t + SIGNED + 4, r, t);
        if (negative) {
            Words.negate(s, r, r);
        }
    }

    /** {@code r} = the {@code limbs} long numerator in the scratch area mod the word at {@code m}, at least 5 limbs. */
    static void reduce(long[] s, int limbs, int m, int r, int t) {
        int u = t + NUMERATOR;
        int length = limbs;
        while (length > 4 && s[u + length - 1] == 0) {
            length--;
        }
        if (length == 4) {
            mod(s, u, m, r, t);
            return;
        }
        int n = length(s, m);
        if (n == 0) {
            Words.set(s, r, 0);
        } else {
            remainder(s, n, divide(s, length, m, n, t, t + KNOWN_MODULUS), r, t);
        }
    }

    /** Stores the remainder that {@link #divide} left, shifting it back. */
    private static void remainder(long[] s, int n, int shift, int r, int t) {
        int u = t + NUMERATOR;
        long r0 = s[u];
        long r1 = n > 1 ? s[u + 1] : 0;
        long r2 = n > 2 ? s[u + 2] : 0;
        long r3 = n > 3 ? s[u + 3] : 0;
        int rest = 63 - shift;
        s[r] = r0 >>> shift | r1 << 1 << rest;
        s[r + 1] = r1 >>> shift | r2 << 1 << rest;
        s[r + 2] = r2 >>> shift | r3 << 1 << rest;
        s[r + 3] = r3 >>> shift;
    }

    /**
     * Divides the {@code m}-limb numerator by the {@code n}-limb word at {@code b}, {@code m >= n >= 1}. Leaves the
     * quotient's {@code m - n + 1} limbs and, in the numerator's place, the remainder times {@code 2^shift}.
     *
     * @param known where the reciprocal of divisors of several limbs is kept
     * @return shift, by which the operands were normalised
     */
    private static int divide(long[] s, int m, int b, int n, int t, int known) {
        int u = t + NUMERATOR;
        int q = t + QUOTIENT;
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long b3 = s[b + 3];
        int shift = Long.numberOfLeadingZeros(s[b + n - 1]);
        int rest = 63 - shift;
        long above = 0;
        for (int i = m - 1; i >= 0; i--) {
            long limb = s[u + i];
            s[u + i + 1] = above << shift | limb >>> 1 >>> rest;
            above = limb;
        }
        s[u] = above << shift;
        long v0 = b0 << shift;
        long v1 = b1 << shift | b0 >>> 1 >>> rest;
        long v2 = b2 << shift | b1 >>> 1 >>> rest;
        long v3 = b3 << shift | b2 >>> 1 >>> rest;
        switch (n) {
            case 1 -> byOneLimb(s, u, m, v0, reciprocal(s, t + KNOWN, v0), q);
            case 2 -> byTwoLimbs(s, u, m, v1, v0, reciprocal(s, known, v1, v0), q);
            case 3 -> byThreeLimbs(s, u, m, v2, v1, v0, reciprocal(s, known, v2, v1), q);
            default -> byFourLimbs(s, u, m, v3, v2, v1, v0, reciprocal(s, known, v3, v2), q);
        }
        return shift;
    }

    private static long reciprocal(long[] s, int known, long d) {
        if (s[known] != d) {
            s[known] = d;
            s[known + 1] = Reciprocal.of(d);
        }
        return s[known + 1];
    }

    private static long reciprocal(long[] s, int known, long d1, long d0) {
        if (s[known] != d1 || s[known + 1] != d0) {
            s[known] = d1;
            s[known + 1] = d0;
            s[known + 2] = Reciprocal.of(d1, d0);
        }
        return s[known + 2];
    }

    private static void byOneLimb(long[] s, int u, int m, long d, long inverse, int q) {
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

    private static void byTwoLimbs(long[] s, int u, int m, long v1, long v0, long inverse, int q) {
        long r1 = s[u + m];
        long r0 = s[u + m - 1];
        for (int j = m - 2; j >= 0; j--) {
            long x = s[u + j];
            // Three limbs by two; Möller and Granlund, algorithm 4.
            long q0 = inverse * r1;
            long digit = Math.unsignedMultiplyHigh(inverse, r1) + r1;
            q0 += r0;
            digit += less(q0, r0);
            long lo = digit * v0;
            long p1 = r0 - digit * v1 - Math.unsignedMultiplyHigh(digit, v0) - less(x, lo) - v1;
            long p0 = x - lo;
            p1 -= less(p0, v0);
            p0 -= v0;
            digit++;
            if (Long.compareUnsigned(p1, q0) >= 0) {
                digit--;
                p0 += v0;
                p1 += v1 + less(p0, v0);
            }
            if (Long.compareUnsigned(p1, v1) > 0 || (p1 == v1 && Long.compareUnsigned(p0, v0) >= 0)) {
                digit++;
                p1 -= v1 + less(p0, v0);
                p0 -= v0;
            }
            r1 = p1;
            r0 = p0;
            s[q + j] = digit;
        }
        s[u] = r0;
        s[u + 1] = r1;
    }

    private static void byThreeLimbs(long[] s, int u, int m, long v2, long v1, long v0, long inverse, int q) {
        long r2 = s[u + m];
        long r1 = s[u + m - 1];
        long r0 = s[u + m - 2];
        for (int j = m - 3; j >= 0; j--) {
            long x = s[u + j];
            if (r2 == v2 && r1 == v1) {
                // The digit is 2^64 - 1 and leaves x + v - 2^64 (v - r).
                long missing = v0 - r0;
                r0 = x + v0;
                long c = less(r0, x);
                r1 = v1 + c;
                c = less(r1, c);
                r2 = v2 + c - less(r1, missing);
                r1 -= missing;
                s[q + j] = -1;
                continue;
            }
            // Three limbs by two; Möller and Granlund, algorithm 4.
            long q0 = inverse * r2;
            long digit = Math.unsignedMultiplyHigh(inverse, r2) + r2;
            q0 += r1;
            digit += less(q0, r1);
            long lo = digit * v1;
            long p1 = r1 - digit * v2 - Math.unsignedMultiplyHigh(digit, v1) - less(r0, lo) - v2;
            long p0 = r0 - lo;
            p1 -= less(p0, v1);
            p0 -= v1;
            digit++;
            if (Long.compareUnsigned(p1, q0) >= 0) {
                digit--;
                p0 += v1;
                p1 += v2 + less(p0, v1);
            }
            if (Long.compareUnsigned(p1, v2) > 0 || (p1 == v2 && Long.compareUnsigned(p0, v1) >= 0)) {
                digit++;
                p1 -= v2 + less(p0, v1);
                p0 -= v1;
            }
            lo = digit * v0;
            long borrow = Math.unsignedMultiplyHigh(digit, v0) + less(x, lo);
            r0 = x - lo;
            r1 = p0 - borrow;
            borrow = less(p0, borrow);
            r2 = p1 - borrow;
            if (Long.compareUnsigned(p1, borrow) < 0) { // one too large
                digit--;
                r0 += v0;
                long c = less(r0, v0);
                r1 += c;
                c = less(r1, c);
                r1 += v1;
                r2 += v2 + c + less(r1, v1);
            }
            s[q + j] = digit;
        }
        s[u] = r0;
        s[u + 1] = r1;
        s[u + 2] = r2;
    }

    private static void byFourLimbs(long[] s, int u, int m, long v3, long v2, long v1, long v0, long inverse, int q) {
        long r3 = s[u + m];
        long r2 = s[u + m - 1];
        long r1 = s[u + m - 2];
        long r0 = s[u + m - 3];
        for (int j = m - 4; j >= 0; j--) {
            long x = s[u + j];
            if (r3 == v3 && r2 == v2) {
                // The digit is 2^64 - 1 and leaves x + v - 2^64 (v - r).
                long missing0 = v0 - r0;
                long missing1 = v1 - r1 - less(v0, r0);
                r0 = x + v0;
                long c = less(r0, x);
                long y1 = v1 + c;
                c = less(y1, c);
                long y2 = v2 + c;
                c = less(y2, c);
                r1 = y1 - missing0;
                long b = less(y1, missing0);
                r2 = y2 - missing1;
                long b2 = less(y2, missing1);
                b2 |= less(r2, b);
                r2 -= b;
                r3 = v3 + c - b2;
                s[q + j] = -1;
                continue;
            }
            // Three limbs by two; Möller and Granlund, algorithm 4.
            long q0 = inverse * r3;
            long digit = Math.unsignedMultiplyHigh(inverse, r3) + r3;
            q0 += r2;
            digit += less(q0, r2);
            long lo = digit * v2;
            long p1 = r2 - digit * v3 - Math.unsignedMultiplyHigh(digit, v2) - less(r1, lo) - v3;
            long p0 = r1 - lo;
            p1 -= less(p0, v2);
            p0 -= v2;
            digit++;
            if (Long.compareUnsigned(p1, q0) >= 0) {
                digit--;
                p0 += v2;
                p1 += v3 + less(p0, v2);
            }
            if (Long.compareUnsigned(p1, v3) > 0 || (p1 == v3 && Long.compareUnsigned(p0, v2) >= 0)) {
                digit++;
                p1 -= v3 + less(p0, v2);
                p0 -= v2;
            }
            lo = digit * v0;
            long borrow = Math.unsignedMultiplyHigh(digit, v0) + less(x, lo);
            long y0 = x - lo;
            lo = digit * v1 + borrow;
            borrow = Math.unsignedMultiplyHigh(digit, v1) + less(lo, borrow) + less(r0, lo);
            r1 = r0 - lo;
            r0 = y0;
            r2 = p0 - borrow;
            borrow = less(p0, borrow);
            r3 = p1 - borrow;
            if (Long.compareUnsigned(p1, borrow) < 0) { // one too large
                digit--;
                r0 += v0;
                long c = less(r0, v0);
                r1 += c;
                c = less(r1, c);
                r1 += v1;
                c += less(r1, v1);
                r2 += c;
                c = less(r2, c);
                r2 += v2;
                r3 += v3 + c + less(r2, v2);
            }
            s[q + j] = digit;
        }
        s[u] = r0;
        s[u + 1] = r1;
        s[u + 2] = r2;
        s[u + 3] = r3;
    }

    /** Limbs in use of the word. */
    private static int length(long[] s, int a) {
        if (s[a + 3] != 0) {
            return 4;
        }
        if (s[a + 2] != 0) {
            return 3;
        }
        if (s[a + 1] != 0) {
            return 2;
        }
        return s[a] != 0 ? 1 : 0;
    }

    private static void absolute(long[] s, int a, int r) {
        if (s[a + 3] < 0) {
            Words.negate(s, a, r);
        } else {
            Words.set(s, r, s[a], s[a + 1], s[a + 2], s[a + 3]);
        }
    }
}
