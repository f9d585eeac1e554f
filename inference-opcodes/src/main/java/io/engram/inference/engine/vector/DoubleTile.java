package io.engram.inference.engine.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of four rows with a panel of two vectors of columns, in doubles. Exact while all sums stay below 2^53. */
final class DoubleTile {

    static final int ROWS = 4;

    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Columns of a panel. */
    static final int COLUMNS = 2 * L;

    private DoubleTile() {}

    /**
     * @param a rows, {@code stride} apart, the first at {@code at}
     * @param b the panel, term by term
     * @param count terms
     * @param sums written, row by row
     */
    static void multiply(double[] a, int at, int stride, double[] b, int count, double[] sums) {
        DoubleVector c0 = DoubleVector.zero(S);
        DoubleVector d0 = DoubleVector.zero(S);
        DoubleVector c1 = DoubleVector.zero(S);
        DoubleVector d1 = DoubleVector.zero(S);
        DoubleVector c2 = DoubleVector.zero(S);
        DoubleVector d2 = DoubleVector.zero(S);
        DoubleVector c3 = DoubleVector.zero(S);
        DoubleVector d3 = DoubleVector.zero(S);
        for (int k = 0; k < count; k++) {
            DoubleVector c = DoubleVector.fromArray(S, b, k * COLUMNS);
            DoubleVector d = DoubleVector.fromArray(S, b, k * COLUMNS + L);
            DoubleVector x = DoubleVector.broadcast(S, a[at + k]);
            c0 = x.fma(c, c0);
            d0 = x.fma(d, d0);
            x = DoubleVector.broadcast(S, a[at + stride + k]);
            c1 = x.fma(c, c1);
            d1 = x.fma(d, d1);
            x = DoubleVector.broadcast(S, a[at + 2 * stride + k]);
            c2 = x.fma(c, c2);
            d2 = x.fma(d, d2);
            x = DoubleVector.broadcast(S, a[at + 3 * stride + k]);
            c3 = x.fma(c, c3);
            d3 = x.fma(d, d3);
        }
        c0.intoArray(sums, 0);
        d0.intoArray(sums, L);
        c1.intoArray(sums, COLUMNS);
        d1.intoArray(sums, COLUMNS + L);
        c2.intoArray(sums, 2 * COLUMNS);
        d2.intoArray(sums, 2 * COLUMNS + L);
        c3.intoArray(sums, 3 * COLUMNS);
        d3.intoArray(sums, 3 * COLUMNS + L);
    }
}
