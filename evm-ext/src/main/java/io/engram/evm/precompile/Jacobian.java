package io.engram.evm.precompile;

import java.util.Arrays;

/**
 * Points of y² = x³ + ax + b over a {@link Field256} for a = 0 or a = -3, as (X, Y, Z) for x = X/Z², y = Y/Z³ in twelve
 * limbs; Z = 0 is the point at infinity. Results may be written over operands. Holds scratch space: one object a thread.
 *
 * <p>Formulas: the Explicit-Formulas Database, dbl-2009-l, dbl-2001-b, add-2007-bl.
 */
final class Jacobian {

    static final int LIMBS = 12;

    private static final int Y = 4;
    private static final int Z = 8;

    private final Field256 f;
    private final boolean minusThree;
    private final long[] t = new long[4 * 9];

    /** @param minusThree whether a = -3 rather than 0 */
    Jacobian(Field256 field, boolean minusThree) {
        this.f = field;
        this.minusThree = minusThree;
    }

    static boolean isInfinity(long[] p, int po) {
        return Field256.isZero(p, po + Z);
    }

    static void copy(long[] z, int zo, long[] p, int po) {
        System.arraycopy(p, po, z, zo, LIMBS);
    }

    /** z = -p. */
    void neg(long[] z, int zo, long[] p, int po) {
        copy(z, zo, p, po);
        f.neg(z, zo + Y, z, zo + Y);
    }

    /** z = 2p. */
    void dbl(long[] z, int zo, long[] p, int po) {
        if (minusThree) {
            dblMinusThree(z, zo, p, po);
        } else {
            dblZero(z, zo, p, po);
        }
    }

    private void dblZero(long[] z, int zo, long[] p, int po) {
        int a = 0;
        int b = 4;
        int c = 8;
        int d = 12;
        int e = 16;
        f.sqr(t, a, p, po);
        f.sqr(t, b, p, po + Y);
        f.sqr(t, c, t, b);
        f.add(t, d, p, po, t, b);
        f.sqr(t, d, t, d);
        f.sub(t, d, t, d, t, a);
        f.sub(t, d, t, d, t, c);
        f.dbl(t, d, t, d);
        f.dbl(t, e, t, a);
        f.add(t, e, t, e, t, a);
        f.mul(z, zo + Z, p, po + Y, p, po + Z);
        f.dbl(z, zo + Z, z, zo + Z);
        f.sqr(t, a, t, e);
        f.sub(t, a, t, a, t, d);
        f.sub(z, zo, t, a, t, d);
        f.sub(t, d, t, d, z, zo);
        f.mul(t, d, t, d, t, e);
        f.dbl(t, c, t, c);
        f.dbl(t, c, t, c);
        f.dbl(t, c, t, c);
        f.sub(z, zo + Y, t, d, t, c);
    }

    private void dblMinusThree(long[] z, int zo, long[] p, int po) {
        int delta = 0;
        int gamma = 4;
        int beta = 8;
        int alpha = 12;
        int u = 16;
        f.sqr(t, delta, p, po + Z);
        f.sqr(t, gamma, p, po + Y);
        f.mul(t, beta, p, po, t, gamma);
        f.sub(t, u, p, po, t, delta);
        f.add(t, alpha, p, po, t, delta);
        f.mul(t, u, t, u, t, alpha);
        f.dbl(t, alpha, t, u);
        f.add(t, alpha, t, alpha, t, u);
        f.add(t, u, p, po + Y, p, po + Z);
        f.sqr(t, u, t, u);
        f.sub(t, u, t, u, t, gamma);
        f.sub(z, zo + Z, t, u, t, delta);
        f.dbl(t, beta, t, beta);
        f.dbl(t, beta, t, beta);
        f.sqr(t, u, t, alpha);
        f.sub(t, u, t, u, t, beta);
        f.sub(z, zo, t, u, t, beta);
        f.sub(t, beta, t, beta, z, zo);
        f.mul(t, beta, t, beta, t, alpha);
        f.sqr(t, gamma, t, gamma);
        f.dbl(t, gamma, t, gamma);
        f.dbl(t, gamma, t, gamma);
        f.dbl(t, gamma, t, gamma);
        f.sub(z, zo + Y, t, beta, t, gamma);
    }

    /** z = p + q for any two points. */
    void add(long[] z, int zo, long[] p, int po, long[] q, int qo) {
        if (isInfinity(p, po)) {
            copy(z, zo, q, qo);
            return;
        }
        if (isInfinity(q, qo)) {
            copy(z, zo, p, po);
            return;
        }
        int z1z1 = 0;
        int z2z2 = 4;
        int u1 = 8;
        int h = 12;
        int s1 = 16;
        int r = 20;
        int i = 24;
        int j = 28;
        f.sqr(t, z1z1, p, po + Z);
        f.sqr(t, z2z2, q, qo + Z);
        f.mul(t, u1, p, po, t, z2z2);
        f.mul(t, h, q, qo, t, z1z1);
        f.sub(t, h, t, h, t, u1);
        f.mul(t, s1, p, po + Y, q, qo + Z);
        f.mul(t, s1, t, s1, t, z2z2);
        f.mul(t, r, q, qo + Y, p, po + Z);
        f.mul(t, r, t, r, t, z1z1);
        f.sub(t, r, t, r, t, s1);
        if (Field256.isZero(t, h)) {
            if (Field256.isZero(t, r)) {
                dbl(z, zo, p, po);
            } else {
                Arrays.fill(z, zo, zo + LIMBS, 0);
            }
            return;
        }
        f.dbl(t, r, t, r);
        f.dbl(t, i, t, h);
        f.sqr(t, i, t, i);
        f.mul(t, j, t, h, t, i);
        f.mul(t, u1, t, u1, t, i);
        f.add(t, i, p, po + Z, q, qo + Z);
        f.sqr(t, i, t, i);
        f.sub(t, i, t, i, t, z1z1);
        f.sub(t, i, t, i, t, z2z2);
        f.mul(z, zo + Z, t, i, t, h);
        f.sqr(t, i, t, r);
        f.sub(t, i, t, i, t, j);
        f.sub(t, i, t, i, t, u1);
        f.sub(z, zo, t, i, t, u1);
        f.sub(t, u1, t, u1, z, zo);
        f.mul(t, u1, t, u1, t, r);
        f.mul(t, s1, t, s1, t, j);
        f.dbl(t, s1, t, s1);
        f.sub(z, zo + Y, t, u1, t, s1);
    }

    /** Writes p, 3p, 5p, ... : {@code count} points one after the other. */
    void oddMultiples(long[] table, int count, long[] p, int po) {
        long[] twice = new long[LIMBS];
        dbl(twice, 0, p, po);
        copy(table, 0, p, po);
        for (int i = 1; i < count; i++) {
            add(table, LIMBS * i, table, LIMBS * (i - 1), twice, 0);
        }
    }

    /** z += digit·p for an odd digit, or nothing for 0, with the odd multiples of p in a table. */
    void addDigit(long[] z, int zo, long[] table, int digit, long[] scratch) {
        if (digit > 0) {
            add(z, zo, z, zo, table, LIMBS * (digit >> 1));
        } else if (digit < 0) {
            neg(scratch, 0, table, LIMBS * (-digit >> 1));
            add(z, zo, z, zo, scratch, 0);
        }
    }
}
