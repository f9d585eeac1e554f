package io.engram.evm.precompile;

import java.util.Arrays;

/**
 * The quadratic extension Fp[i]/(i² + 1) of alt_bn128's field: eight limbs, the real part first. Results may be written
 * over operands. Holds scratch space: one object a thread.
 */
final class Bn254Fp2 {

    static final int LIMBS = 8;

    private static final int I = 4;

    private final long[] t = new long[4 * 3];

    static void copy(long[] z, int zo, long[] x, int xo) {
        System.arraycopy(x, xo, z, zo, LIMBS);
    }

    static void setZero(long[] z, int zo) {
        Arrays.fill(z, zo, zo + LIMBS, 0);
    }

    static void setOne(long[] z, int zo) {
        setZero(z, zo);
        Bn254Fp.setOne(z, zo);
    }

    static boolean isZero(long[] x, int xo) {
        return Bn254Fp.isZero(x, xo) && Bn254Fp.isZero(x, xo + I);
    }

    static boolean equal(long[] x, int xo, long[] y, int yo) {
        return Bn254Fp.equal(x, xo, y, yo) && Bn254Fp.equal(x, xo + I, y, yo + I);
    }

    void add(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        Bn254Fp.add(z, zo, x, xo, y, yo);
        Bn254Fp.add(z, zo + I, x, xo + I, y, yo + I);
    }

    void sub(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        Bn254Fp.sub(z, zo, x, xo, y, yo);
        Bn254Fp.sub(z, zo + I, x, xo + I, y, yo + I);
    }

    void dbl(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.dbl(z, zo, x, xo);
        Bn254Fp.dbl(z, zo + I, x, xo + I);
    }

    void triple(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.triple(z, zo, x, xo);
        Bn254Fp.triple(z, zo + I, x, xo + I);
    }

    void neg(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.neg(z, zo, x, xo);
        Bn254Fp.neg(z, zo + I, x, xo + I);
    }

    void conjugate(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.copy(z, zo, x, xo);
        Bn254Fp.neg(z, zo + I, x, xo + I);
    }

    void mul(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        Bn254Fp.complement(t, 0, x, xo + I);
        Bn254Fp.mulAdd(t, 4, x, xo, y, yo, t, 0, y, yo + I);
        Bn254Fp.mulAdd(z, zo + I, x, xo, y, yo + I, x, xo + I, y, yo);
        Bn254Fp.copy(z, zo, t, 4);
    }

    void sqr(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.add(t, 0, x, xo, x, xo + I);
        Bn254Fp.sub(t, 4, x, xo, x, xo + I);
        Bn254Fp.mul(t, 8, x, xo, x, xo + I);
        Bn254Fp.mul(z, zo, t, 0, t, 4);
        Bn254Fp.dbl(z, zo + I, t, 8);
    }

    /** z = x·y for y in Fp. */
    void mulBase(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        Bn254Fp.mul(t, 0, x, xo, y, yo);
        Bn254Fp.mul(z, zo + I, x, xo + I, y, yo);
        Bn254Fp.copy(z, zo, t, 0);
    }

    /** z = x·(9 + i), the element whose sixth root extends to Fp12. */
    void mulXi(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.complement(t, 0, x, xo + I);
        Bn254Fp.nineTimesPlus(t, 0, x, xo, t, 0);
        Bn254Fp.nineTimesPlus(z, zo + I, x, xo + I, x, xo);
        Bn254Fp.copy(z, zo, t, 0);
    }

    void inv(long[] z, int zo, long[] x, int xo) {
        Bn254Fp.sqr(t, 0, x, xo);
        Bn254Fp.sqr(t, 4, x, xo + I);
        Bn254Fp.add(t, 0, t, 0, t, 4);
        Bn254Fp.inv(t, 0, t, 0);
        Bn254Fp.mul(z, zo, x, xo, t, 0);
        Bn254Fp.mul(z, zo + I, x, xo + I, t, 0);
        Bn254Fp.neg(z, zo + I, z, zo + I);
    }
}
