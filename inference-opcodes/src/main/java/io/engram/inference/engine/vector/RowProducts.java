package io.engram.inference.engine.vector;

import jdk.incubator.vector.IntVector;

/** Products of one row with a panel of packed weights, in integers: for few rows, where memory sets the pace. */
final class RowProducts {

    private static final int L = Lanes.COUNT;

    private RowProducts() {}

    static void times4(int[] row, int count, byte[] w, int at, int[] sums, int to) {
        IntVector c0 = IntVector.fromArray(Lanes.INTS, sums, to);
        IntVector c1 = IntVector.fromArray(Lanes.INTS, sums, to + L);
        IntVector c2 = IntVector.fromArray(Lanes.INTS, sums, to + 2 * L);
        IntVector c3 = IntVector.fromArray(Lanes.INTS, sums, to + 3 * L);
        for (int k = 0; k < count; k++) {
            IntVector x = IntVector.broadcast(Lanes.INTS, row[k]);
            c0 = Lanes.ints(w, at + k * 4 * L).mul(x).add(c0);
            c1 = Lanes.ints(w, at + k * 4 * L + L).mul(x).add(c1);
            c2 = Lanes.ints(w, at + k * 4 * L + 2 * L).mul(x).add(c2);
            c3 = Lanes.ints(w, at + k * 4 * L + 3 * L).mul(x).add(c3);
        }
        c0.intoArray(sums, to);
        c1.intoArray(sums, to + L);
        c2.intoArray(sums, to + 2 * L);
        c3.intoArray(sums, to + 3 * L);
    }

    static void times2(int[] row, int count, byte[] w, int at, int[] sums, int to) {
        IntVector c0 = IntVector.fromArray(Lanes.INTS, sums, to);
        IntVector c1 = IntVector.fromArray(Lanes.INTS, sums, to + L);
        for (int k = 0; k < count; k++) {
            IntVector x = IntVector.broadcast(Lanes.INTS, row[k]);
            c0 = Lanes.ints(w, at + k * 2 * L).mul(x).add(c0);
            c1 = Lanes.ints(w, at + k * 2 * L + L).mul(x).add(c1);
        }
        c0.intoArray(sums, to);
        c1.intoArray(sums, to + L);
    }

    static void times1(int[] row, int count, byte[] w, int at, int[] sums, int to) {
        IntVector c0 = IntVector.fromArray(Lanes.INTS, sums, to);
        for (int k = 0; k < count; k++) {
            IntVector x = IntVector.broadcast(Lanes.INTS, row[k]);
            c0 = Lanes.ints(w, at + k * L).mul(x).add(c0);
        }
        c0.intoArray(sums, to);
    }
}
