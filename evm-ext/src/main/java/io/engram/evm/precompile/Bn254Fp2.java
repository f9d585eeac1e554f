package io.engram.evm.precompile;

import java.util.Arrays;

/**
 * The quadratic extension Fp[i]/(i² + 1) of alt_bn128's field: eight limbs, the real part first. Results may be written
 * over operands. Holds scratch space: one object a thread.
 */
final class Bn254Fp2 {

    static final int LIMBS = 8;

    private static final Field256 F = Bn254.FIELD;
    private static final int I = 4;

    private final long[] t = new long[4 * 4];

    static void copy(long[] z, int zo, long[] x, int xo) {
        System.arraycopy(x, xo, z, zo, LIMBS);
    }

    static void setZero(long[] z, int zo) {
        Arrays.fill(z, zo, zo + LIMBS, 0);
    }

    static void setOne(long[] z, int zo) {
        setZero(z, zo);
        F.setOne(z, zo);
    }

    static boolean isZero(long[] x, int xo) {
        return Field256.isZero(x, xo) && Field256.isZero(x, xo + I);
    }

    static boolean equal(long[] x, int xo, long[] y, int yo) {
        return Field256.equal(x, xo, y, yo) && Field256.equal(x, xo + I, y, yo + I);
    }

    void add(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        F.add(z, zo, x, xo, y, yo);
        F.add(z, zo + I, x, xo + I, y, yo + I);
    }

    void sub(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        F.sub(z, zo, x, xo, y, yo);
        F.sub(z, zo + I, x, xo + I, y, yo + I);
    }

    void dbl(long[] z, int zo, long[] x, int xo) {
        F.dbl(z, zo, x, xo);
        F.dbl(z, zo + I, x, xo + I);
    }

    void half(long[] z, int zo, long[] x, int xo) {
        F.half(z, zo, x, xo);
        F.half(z, zo + I, x, xo + I);
    }

    void neg(long[] z, int zo, long[] x, int xo) {
        F.neg(z, zo, x, xo);
        F.neg(z, zo + I, x, xo + I);
    }

    void conjugate(long[] z, int zo, long[] x, int xo) {
        Field256.copy(z, zo, x, xo);
        F.neg(z, zo + I, x, xo + I);
    }

    void mul(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        F.add(t, 0, x, xo, x, xo + I);
        F.add(t, 4, y, yo, y, yo + I);
        F.mul(t, 0, t, 0, t, 4);
        F.mul(t, 4, x, xo, y, yo);
        F.mul(t, 8, x, xo + I, y, yo + I);
        F.sub(t, 0, t, 0, t, 4);
        F.sub(z, zo + I, t, 0, t, 8);
        F.sub(z, zo, t, 4, t, 8);
    }

    void sqr(long[] z, int zo, long[] x, int xo) {
        F.add(t, 0, x, xo, x, xo + I);
        F.sub(t, 4, x, xo, x, xo + I);
        F.mul(t, 8, x, xo, x, xo + I);
        F.mul(z, zo, t, 0, t, 4);
        F.dbl(z, zo + I, t, 8);
    }

    /** z = x·y for y in Fp. */
    void mulBase(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        F.mul(t, 0, x, xo, y, yo);
        F.mul(z, zo + I, x, xo + I, y, yo);
        Field256.copy(z, zo, t, 0);
    }

    /** z = x·(9 + i), the element whose sixth root extends to Fp12. */
    void mulXi(long[] z, int zo, long[] x, int xo) {
        F.dbl(t, 0, x, xo);
        F.dbl(t, 0, t, 0);
        F.dbl(t, 0, t, 0);
        F.add(t, 0, t, 0, x, xo);
        F.sub(t, 0, t, 0, x, xo + I);
        F.dbl(t, 4, x, xo + I);
        F.dbl(t, 4, t, 4);
        F.dbl(t, 4, t, 4);
        F.add(t, 4, t, 4, x, xo + I);
        F.add(z, zo + I, t, 4, x, xo);
        Field256.copy(z, zo, t, 0);
    }

    void inv(long[] z, int zo, long[] x, int xo) {
        F.sqr(t, 0, x, xo);
        F.sqr(t, 4, x, xo + I);
        F.add(t, 0, t, 0, t, 4);
        F.inv(t, 0, t, 0);
        F.mul(z, zo, x, xo, t, 0);
        F.mul(z, zo + I, x, xo + I, t, 0);
        F.neg(z, zo + I, z, zo + I);
    }
}
