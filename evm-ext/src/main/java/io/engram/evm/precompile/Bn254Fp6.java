package io.engram.evm.precompile;

/**
 * The cubic extension Fp2[v]/(v³ - 9 - i): three elements of Fp2, constant term first. Results may be written over
 * operands. Holds scratch space: one object a thread.
 */
final class Bn254Fp6 {

    static final int LIMBS = 24;

    private static final int C1 = 8;
    private static final int C2 = 16;

    private final Bn254Fp2 f;
    private final long[] t = new long[8 * 7];

    Bn254Fp6(Bn254Fp2 field) {
        this.f = field;
    }

    static void copy(long[] z, int zo, long[] x, int xo) {
        System.arraycopy(x, xo, z, zo, LIMBS);
    }

    void add(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        f.add(z, zo, x, xo, y, yo);
        f.add(z, zo + C1, x, xo + C1, y, yo + C1);
        f.add(z, zo + C2, x, xo + C2, y, yo + C2);
    }

    void sub(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        f.sub(z, zo, x, xo, y, yo);
        f.sub(z, zo + C1, x, xo + C1, y, yo + C1);
        f.sub(z, zo + C2, x, xo + C2, y, yo + C2);
    }

    void neg(long[] z, int zo, long[] x, int xo) {
        f.neg(z, zo, x, xo);
        f.neg(z, zo + C1, x, xo + C1);
        f.neg(z, zo + C2, x, xo + C2);
    }

    void mul(long[] z, int zo, long[] x, int xo, long[] y, int yo) {
        int v0 = 0;
        int v1 = 8;
        int v2 = 16;
        int a = 24;
        int b = 32;
        int c = 40;
        int e = 48;
        f.mul(t, v0, x, xo, y, yo);
        f.mul(t, v1, x, xo + C1, y, yo + C1);
        f.mul(t, v2, x, xo + C2, y, yo + C2);

        f.add(t, a, x, xo + C1, x, xo + C2);
        f.add(t, b, y, yo + C1, y, yo + C2);
        f.mul(t, c, t, a, t, b);
        f.sub(t, c, t, c, t, v1);
        f.sub(t, c, t, c, t, v2);
        f.mulXi(t, c, t, c);
        f.add(t, c, t, c, t, v0);

        f.add(t, a, x, xo, x, xo + C2);
        f.add(t, b, y, yo, y, yo + C2);
        f.mul(t, a, t, a, t, b);
        f.sub(t, a, t, a, t, v0);
        f.sub(t, a, t, a, t, v2);
        f.add(t, a, t, a, t, v1);

        f.add(t, b, x, xo, x, xo + C1);
        f.add(t, e, y, yo, y, yo + C1);
        f.mul(t, b, t, b, t, e);
        f.sub(t, b, t, b, t, v0);
        f.sub(t, b, t, b, t, v1);
        f.mulXi(t, v2, t, v2);
        f.add(z, zo + C1, t, b, t, v2);
        Bn254Fp2.copy(z, zo, t, c);
        Bn254Fp2.copy(z, zo + C2, t, a);
    }

    /** z = x·d for d in Fp2. */
    void mulBase(long[] z, int zo, long[] x, int xo, long[] d, int o) {
        f.mul(z, zo, x, xo, d, o);
        f.mul(z, zo + C1, x, xo + C1, d, o);
        f.mul(z, zo + C2, x, xo + C2, d, o);
    }

    /** z = x·(d + e·v); z must not be the place of d or e. */
    void mulSparse(long[] z, int zo, long[] x, int xo, long[] d, int o, long[] e, int eo) {
        int v0 = 0;
        int v1 = 8;
        int a = 16;
        int b = 24;
        int c = 32;
        f.mul(t, v0, x, xo, d, o);
        f.mul(t, v1, x, xo + C1, e, eo);

        f.add(t, a, x, xo + C1, x, xo + C2);
        f.mul(t, a, t, a, e, eo);
        f.sub(t, a, t, a, t, v1);
        f.mulXi(t, a, t, a);
        f.add(t, a, t, a, t, v0);

        f.add(t, b, x, xo, x, xo + C1);
        f.add(t, c, d, o, e, eo);
        f.mul(t, b, t, b, t, c);
        f.sub(t, b, t, b, t, v0);
        f.sub(t, b, t, b, t, v1);

        f.add(t, c, x, xo, x, xo + C2);
        f.mul(t, c, t, c, d, o);
        f.sub(t, c, t, c, t, v0);
        f.add(z, zo + C2, t, c, t, v1);
        Bn254Fp2.copy(z, zo + C1, t, b);
        Bn254Fp2.copy(z, zo, t, a);
    }

    /** z = x·v. */
    void mulV(long[] z, int zo, long[] x, int xo) {
        f.mulXi(t, 0, x, xo + C2);
        Bn254Fp2.copy(z, zo + C2, x, xo + C1);
        Bn254Fp2.copy(z, zo + C1, x, xo);
        Bn254Fp2.copy(z, zo, t, 0);
    }

    void inv(long[] z, int zo, long[] x, int xo) {
        int a = 0;
        int b = 8;
        int c = 16;
        int d = 24;
        int e = 32;
        f.sqr(t, a, x, xo);
        f.mul(t, d, x, xo + C1, x, xo + C2);
        f.mulXi(t, d, t, d);
        f.sub(t, a, t, a, t, d);
        f.sqr(t, b, x, xo + C2);
        f.mulXi(t, b, t, b);
        f.mul(t, d, x, xo, x, xo + C1);
        f.sub(t, b, t, b, t, d);
        f.sqr(t, c, x, xo + C1);
        f.mul(t, d, x, xo, x, xo + C2);
        f.sub(t, c, t, c, t, d);
        f.mul(t, d, x, xo + C2, t, b);
        f.mul(t, e, x, xo + C1, t, c);
        f.add(t, d, t, d, t, e);
        f.mulXi(t, d, t, d);
        f.mul(t, e, x, xo, t, a);
        f.add(t, d, t, d, t, e);
        f.inv(t, d, t, d);
        f.mul(z, zo, t, a, t, d);
        f.mul(z, zo + C1, t, b, t, d);
        f.mul(z, zo + C2, t, c, t, d);
    }
}
