package io.engram.evm.word;

import static io.engram.evm.word.Words.less;

/** Sums and products modulo a word, without wrapping at 2^256. A modulus of zero gives zero, as the EVM wants it. */
public final class ModularArithmetic {

    private ModularArithmetic() {}

    /** {@code r = (a + b) mod m}; {@code t} is scratch space of {@link Division#SCRATCH} longs. */
    public static void addmod(long[] s, int a, int b, int m, int r, int t) {
        long m3 = s[m + 3];
        if (m3 != 0 && Long.compareUnsigned(s[a + 3], m3) <= 0 && Long.compareUnsigned(s[b + 3], m3) <= 0) {
            addNear(s, a, b, m, r, t);
            return;
        }
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long sum = x + s[b + i];
            long c = less(sum, x);
            sum += carry;
            carry = c | less(sum, carry);
            s[t + i] = sum;
        }
        s[t + 4] = carry;
        Division.reduce(s, 5, m, r, t);
    }

    /** The sum of operands that exceed the modulus by little, if at all, so that no division is needed. */
    private static void addNear(long[] s, int a, int b, int m, int r, int t) {
        int x = a;
        int y = b;
        if (!Words.lessThan(s, x, m)) {
            Words.sub(s, x, m, t);
            x = t;
        }
        if (!Words.lessThan(s, y, m)) {
            Words.sub(s, y, m, t + 4);
            y = t + 4;
        }
        addReduced(s, x, y, m, r);
    }

    /** The sum of operands below the modulus. Which of sum and difference it is, no branch can guess. */
    private static void addReduced(long[] s, int a, int b, int m, int r) {
        long x = s[a];
        long s0 = x + s[b];
        long c = less(s0, x);
        x = s[a + 1] + c;
        c = less(x, c);
        long s1 = x + s[b + 1];
        c += less(s1, x);
        x = s[a + 2] + c;
        c = less(x, c);
        long s2 = x + s[b + 2];
        c += less(s2, x);
        x = s[a + 3] + c;
        c = less(x, c);
        long s3 = x + s[b + 3];
        c += less(s3, x);
        long y = s[m];
        long d0 = s0 - y;
        long borrow = less(s0, y);
        y = s[m + 1];
        long d1 = s1 - y - borrow;
        borrow = less(s1, y) | (s1 == y ? borrow : 0);
        y = s[m + 2];
        long d2 = s2 - y - borrow;
        borrow = less(s2, y) | (s2 == y ? borrow : 0);
        y = s[m + 3];
        long d3 = s3 - y - borrow;
        borrow = less(s3, y) | (s3 == y ? borrow : 0);
        long keep = (c - borrow) >> 63; // all ones when the sum is below the modulus
        s[r] = d0 ^ ((d0 ^ s0) & keep);
        s[r + 1] = d1 ^ ((d1 ^ s1) & keep);
        s[r + 2] = d2 ^ ((d2 ^ s2) & keep);
        s[r + 3] = d3 ^ ((d3 ^ s3) & keep);
    }

    /** {@code r = (a · b) mod m}; {@code t} is scratch space of {@link Division#SCRATCH} longs. */
    public static void mulmod(long[] s, int a, int b, int m, int r, int t) {
        Words.mulFull(s, a, b, t);
        long m0 = s[m];
        long m1 = s[m + 1];
        long m2 = s[m + 2];
        long m3 = s[m + 3];
        if ((m0 & m1 & m2 & m3) == -1) {
            foldAllOnes(s, r, t);
        } else if (Long.bitCount(m0) + Long.bitCount(m1) + Long.bitCount(m2) + Long.bitCount(m3) == 1) {
            s[r] = s[t] & (m0 - 1);
            s[r + 1] = m0 != 0 ? 0 : s[t + 1] & (m1 - 1);
            s[r + 2] = (m0 | m1) != 0 ? 0 : s[t + 2] & (m2 - 1);
            s[r + 3] = m3 == 0 ? 0 : s[t + 3] & (m3 - 1);
        } else {
            Division.reduce(s, 8, m, r, t);
        }
    }

    /** Modulo 2^256 − 1, of which contracts that compute with 512 bits are fond: the sum of both halves. */
    private static void foldAllOnes(long[] s, int r, int t) {
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[t + i];
            long sum = x + s[t + 4 + i];
            long c = less(sum, x);
            sum += carry;
            carry = c | less(sum, carry);
            s[r + i] = sum;
        }
        // The sum is at most 2^257 - 3, so that the carry does not carry over again.
        if (carry != 0 || (s[r] & s[r + 1] & s[r + 2] & s[r + 3]) == -1) {
            long c = 1;
            for (int i = 0; i < 4 && c != 0; i++) {
                s[r + i]++;
                c = s[r + i] == 0 ? 1 : 0;
            }
        }
    }
}
