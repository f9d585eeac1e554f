package io.engram.inference.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a few rows with a panel of columns, held in registers: 20 or 24 sums with 32 registers, 12 with 16. Of 24
 * sums by four vectors the compiler keeps one in memory, and every round waits for it. Every sum is a whole number of
 * magnitude at most 2^24 on the way, so float arithmetic is exact and the order of the terms without effect; whoever
 * calls bounds the number of terms accordingly.
 */
final class Tiles {

    /** Vectors in the widest panel. */
    static final int MAX_VECTORS = Lanes.COUNT == 16 ? 4 : 2;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = Lanes.COUNT;
    private static final int A = Scratch.ROW_STRIDE;

    private Tiles() {}

    /**
     * Adds the products of all rows with a panel.
     *
     * @param a rows {@link Scratch#ROW_STRIDE} apart; up to {@link Scratch#ROWS} are read
     * @param b the panel
     * @param count terms
     * @param to where the first row's sums begin; those of the next row begin {@code stride} further
     */
    static void multiply(float[] a, int rows, float[] b, int vectors, int count, int[] sums, int to, int stride) {
        int height = vectors < MAX_VECTORS ? 12 : vectors == 4 ? 5 : 6;
        for (int row = 0; row < rows; row += height) {
            int at = row * A;
            int start = to + row * stride;
            switch (vectors) {
                case 4 -> tile5x4(a, at, b, count, sums, start, stride);
                case 2 -> {
                    if (MAX_VECTORS == 2) {
                        tile6x2(a, at, b, count, sums, start, stride);
                    } else {
                        tile12x2(a, at, b, count, sums, start, stride);
                    }
                }
                default -> tile12x1(a, at, b, count, sums, start, stride);
            }
        }
    }

    private static void add(FloatVector sum, int[] sums, int at) {
        IntVector whole = (IntVector) sum.convertShape(VectorOperators.F2I, Lanes.INTS, 0);
        whole.add(IntVector.fromArray(Lanes.INTS, sums, at)).intoArray(sums, at);
    }

    private static void tile5x4(float[] a, int at, float[] b, int count, int[] sums, int to, int stride) {
        FloatVector c0_0 = FloatVector.zero(S);
        FloatVector c0_1 = FloatVector.zero(S);
        FloatVector c0_2 = FloatVector.zero(S);
        FloatVector c0_3 = FloatVector.zero(S);
        FloatVector c1_0 = FloatVector.zero(S);
        FloatVector c1_1 = FloatVector.zero(S);
        FloatVector c1_2 = FloatVector.zero(S);
        FloatVector c1_3 = FloatVector.zero(S);
        FloatVector c2_0 = FloatVector.zero(S);
        FloatVector c2_1 = FloatVector.zero(S);
        FloatVector c2_2 = FloatVector.zero(S);
        FloatVector c2_3 = FloatVector.zero(S);
        FloatVector c3_0 = FloatVector.zero(S);
        FloatVector c3_1 = FloatVector.zero(S);
        FloatVector c3_2 = FloatVector.zero(S);
        FloatVector c3_3 = FloatVector.zero(S);
        FloatVector c4_0 = FloatVector.zero(S);
        FloatVector c4_1 = FloatVector.zero(S);
        FloatVector c4_2 = FloatVector.zero(S);
        FloatVector c4_3 = FloatVector.zero(S);
        for (int k = 0; k < count; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, k * 4 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, k * 4 * L + L);
            FloatVector b2 = FloatVector.fromArray(S, b, k * 4 * L + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, k * 4 * L + 3 * L);
            FloatVector x = FloatVector.broadcast(S, a[at + k]);
            c0_0 = x.fma(b0, c0_0);
            c0_1 = x.fma(b1, c0_1);
            c0_2 = x.fma(b2, c0_2);
            c0_3 = x.fma(b3, c0_3);
            x = FloatVector.broadcast(S, a[at + A + k]);
            c1_0 = x.fma(b0, c1_0);
            c1_1 = x.fma(b1, c1_1);
            c1_2 = x.fma(b2, c1_2);
            c1_3 = x.fma(b3, c1_3);
            x = FloatVector.broadcast(S, a[at + 2 * A + k]);
            c2_0 = x.fma(b0, c2_0);
            c2_1 = x.fma(b1, c2_1);
            c2_2 = x.fma(b2, c2_2);
            c2_3 = x.fma(b3, c2_3);
            x = FloatVector.broadcast(S, a[at + 3 * A + k]);
            c3_0 = x.fma(b0, c3_0);
            c3_1 = x.fma(b1, c3_1);
            c3_2 = x.fma(b2, c3_2);
            c3_3 = x.fma(b3, c3_3);
            x = FloatVector.broadcast(S, a[at + 4 * A + k]);
            c4_0 = x.fma(b0, c4_0);
            c4_1 = x.fma(b1, c4_1);
            c4_2 = x.fma(b2, c4_2);
            c4_3 = x.fma(b3, c4_3);
        }
        add(c0_0, sums, to);
        add(c0_1, sums, to + L);
        add(c0_2, sums, to + 2 * L);
        add(c0_3, sums, to + 3 * L);
        add(c1_0, sums, to + stride);
        add(c1_1, sums, to + stride + L);
        add(c1_2, sums, to + stride + 2 * L);
        add(c1_3, sums, to + stride + 3 * L);
        add(c2_0, sums, to + 2 * stride);
        add(c2_1, sums, to + 2 * stride + L);
        add(c2_2, sums, to + 2 * stride + 2 * L);
        add(c2_3, sums, to + 2 * stride + 3 * L);
        add(c3_0, sums, to + 3 * stride);
        add(c3_1, sums, to + 3 * stride + L);
        add(c3_2, sums, to + 3 * stride + 2 * L);
        add(c3_3, sums, to + 3 * stride + 3 * L);
        add(c4_0, sums, to + 4 * stride);
        add(c4_1, sums, to + 4 * stride + L);
        add(c4_2, sums, to + 4 * stride + 2 * L);
        add(c4_3, sums, to + 4 * stride + 3 * L);
    }

    private static void tile12x2(float[] a, int at, float[] b, int count, int[] sums, int to, int stride) {
        FloatVector c0_0 = FloatVector.zero(S);
        FloatVector c0_1 = FloatVector.zero(S);
        FloatVector c1_0 = FloatVector.zero(S);
        FloatVector c1_1 = FloatVector.zero(S);
        FloatVector c2_0 = FloatVector.zero(S);
        FloatVector c2_1 = FloatVector.zero(S);
        FloatVector c3_0 = FloatVector.zero(S);
        FloatVector c3_1 = FloatVector.zero(S);
        FloatVector c4_0 = FloatVector.zero(S);
        FloatVector c4_1 = FloatVector.zero(S);
        FloatVector c5_0 = FloatVector.zero(S);
        FloatVector c5_1 = FloatVector.zero(S);
        FloatVector c6_0 = FloatVector.zero(S);
        FloatVector c6_1 = FloatVector.zero(S);
        FloatVector c7_0 = FloatVector.zero(S);
        FloatVector c7_1 = FloatVector.zero(S);
        FloatVector c8_0 = FloatVector.zero(S);
        FloatVector c8_1 = FloatVector.zero(S);
        FloatVector c9_0 = FloatVector.zero(S);
        FloatVector c9_1 = FloatVector.zero(S);
        FloatVector c10_0 = FloatVector.zero(S);
        FloatVector c10_1 = FloatVector.zero(S);
        FloatVector c11_0 = FloatVector.zero(S);
        FloatVector c11_1 = FloatVector.zero(S);
        for (int k = 0; k < count; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, k * 2 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, k * 2 * L + L);
            FloatVector x = FloatVector.broadcast(S, a[at + k]);
            c0_0 = x.fma(b0, c0_0);
            c0_1 = x.fma(b1, c0_1);
            x = FloatVector.broadcast(S, a[at + A + k]);
            c1_0 = x.fma(b0, c1_0);
            c1_1 = x.fma(b1, c1_1);
            x = FloatVector.broadcast(S, a[at + 2 * A + k]);
            c2_0 = x.fma(b0, c2_0);
            c2_1 = x.fma(b1, c2_1);
            x = FloatVector.broadcast(S, a[at + 3 * A + k]);
            c3_0 = x.fma(b0, c3_0);
            c3_1 = x.fma(b1, c3_1);
            x = FloatVector.broadcast(S, a[at + 4 * A + k]);
            c4_0 = x.fma(b0, c4_0);
            c4_1 = x.fma(b1, c4_1);
            x = FloatVector.broadcast(S, a[at + 5 * A + k]);
            c5_0 = x.fma(b0, c5_0);
            c5_1 = x.fma(b1, c5_1);
            x = FloatVector.broadcast(S, a[at + 6 * A + k]);
            c6_0 = x.fma(b0, c6_0);
            c6_1 = x.fma(b1, c6_1);
            x = FloatVector.broadcast(S, a[at + 7 * A + k]);
            c7_0 = x.fma(b0, c7_0);
            c7_1 = x.fma(b1, c7_1);
            x = FloatVector.broadcast(S, a[at + 8 * A + k]);
            c8_0 = x.fma(b0, c8_0);
            c8_1 = x.fma(b1, c8_1);
            x = FloatVector.broadcast(S, a[at + 9 * A + k]);
            c9_0 = x.fma(b0, c9_0);
            c9_1 = x.fma(b1, c9_1);
            x = FloatVector.broadcast(S, a[at + 10 * A + k]);
            c10_0 = x.fma(b0, c10_0);
            c10_1 = x.fma(b1, c10_1);
            x = FloatVector.broadcast(S, a[at + 11 * A + k]);
            c11_0 = x.fma(b0, c11_0);
            c11_1 = x.fma(b1, c11_1);
        }
        add(c0_0, sums, to);
        add(c0_1, sums, to + L);
        add(c1_0, sums, to + stride);
        add(c1_1, sums, to + stride + L);
        add(c2_0, sums, to + 2 * stride);
        add(c2_1, sums, to + 2 * stride + L);
        add(c3_0, sums, to + 3 * stride);
        add(c3_1, sums, to + 3 * stride + L);
        add(c4_0, sums, to + 4 * stride);
        add(c4_1, sums, to + 4 * stride + L);
        add(c5_0, sums, to + 5 * stride);
        add(c5_1, sums, to + 5 * stride + L);
        add(c6_0, sums, to + 6 * stride);
        add(c6_1, sums, to + 6 * stride + L);
        add(c7_0, sums, to + 7 * stride);
        add(c7_1, sums, to + 7 * stride + L);
        add(c8_0, sums, to + 8 * stride);
        add(c8_1, sums, to + 8 * stride + L);
        add(c9_0, sums, to + 9 * stride);
        add(c9_1, sums, to + 9 * stride + L);
        add(c10_0, sums, to + 10 * stride);
        add(c10_1, sums, to + 10 * stride + L);
        add(c11_0, sums, to + 11 * stride);
        add(c11_1, sums, to + 11 * stride + L);
    }

    private static void tile6x2(float[] a, int at, float[] b, int count, int[] sums, int to, int stride) {
        FloatVector c0_0 = FloatVector.zero(S);
        FloatVector c0_1 = FloatVector.zero(S);
        FloatVector c1_0 = FloatVector.zero(S);
        FloatVector c1_1 = FloatVector.zero(S);
        FloatVector c2_0 = FloatVector.zero(S);
        FloatVector c2_1 = FloatVector.zero(S);
        FloatVector c3_0 = FloatVector.zero(S);
        FloatVector c3_1 = FloatVector.zero(S);
        FloatVector c4_0 = FloatVector.zero(S);
        FloatVector c4_1 = FloatVector.zero(S);
        FloatVector c5_0 = FloatVector.zero(S);
        FloatVector c5_1 = FloatVector.zero(S);
        for (int k = 0; k < count; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, k * 2 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, k * 2 * L + L);
            FloatVector x = FloatVector.broadcast(S, a[at + k]);
            c0_0 = x.fma(b0, c0_0);
            c0_1 = x.fma(b1, c0_1);
            x = FloatVector.broadcast(S, a[at + A + k]);
            c1_0 = x.fma(b0, c1_0);
            c1_1 = x.fma(b1, c1_1);
            x = FloatVector.broadcast(S, a[at + 2 * A + k]);
            c2_0 = x.fma(b0, c2_0);
            c2_1 = x.fma(b1, c2_1);
            x = FloatVector.broadcast(S, a[at + 3 * A + k]);
            c3_0 = x.fma(b0, c3_0);
            c3_1 = x.fma(b1, c3_1);
            x = FloatVector.broadcast(S, a[at + 4 * A + k]);
            c4_0 = x.fma(b0, c4_0);
            c4_1 = x.fma(b1, c4_1);
            x = FloatVector.broadcast(S, a[at + 5 * A + k]);
            c5_0 = x.fma(b0, c5_0);
            c5_1 = x.fma(b1, c5_1);
        }
        add(c0_0, sums, to);
        add(c0_1, sums, to + L);
        add(c1_0, sums, to + stride);
        add(c1_1, sums, to + stride + L);
        add(c2_0, sums, to + 2 * stride);
        add(c2_1, sums, to + 2 * stride + L);
        add(c3_0, sums, to + 3 * stride);
        add(c3_1, sums, to + 3 * stride + L);
        add(c4_0, sums, to + 4 * stride);
        add(c4_1, sums, to + 4 * stride + L);
        add(c5_0, sums, to + 5 * stride);
        add(c5_1, sums, to + 5 * stride + L);
    }

    private static void tile12x1(float[] a, int at, float[] b, int count, int[] sums, int to, int stride) {
        FloatVector c0_0 = FloatVector.zero(S);
        FloatVector c1_0 = FloatVector.zero(S);
        FloatVector c2_0 = FloatVector.zero(S);
        FloatVector c3_0 = FloatVector.zero(S);
        FloatVector c4_0 = FloatVector.zero(S);
        FloatVector c5_0 = FloatVector.zero(S);
        FloatVector c6_0 = FloatVector.zero(S);
        FloatVector c7_0 = FloatVector.zero(S);
        FloatVector c8_0 = FloatVector.zero(S);
        FloatVector c9_0 = FloatVector.zero(S);
        FloatVector c10_0 = FloatVector.zero(S);
        FloatVector c11_0 = FloatVector.zero(S);
        for (int k = 0; k < count; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, k * L);
            FloatVector x = FloatVector.broadcast(S, a[at + k]);
            c0_0 = x.fma(b0, c0_0);
            x = FloatVector.broadcast(S, a[at + A + k]);
            c1_0 = x.fma(b0, c1_0);
            x = FloatVector.broadcast(S, a[at + 2 * A + k]);
            c2_0 = x.fma(b0, c2_0);
            x = FloatVector.broadcast(S, a[at + 3 * A + k]);
            c3_0 = x.fma(b0, c3_0);
            x = FloatVector.broadcast(S, a[at + 4 * A + k]);
            c4_0 = x.fma(b0, c4_0);
            x = FloatVector.broadcast(S, a[at + 5 * A + k]);
            c5_0 = x.fma(b0, c5_0);
            x = FloatVector.broadcast(S, a[at + 6 * A + k]);
            c6_0 = x.fma(b0, c6_0);
            x = FloatVector.broadcast(S, a[at + 7 * A + k]);
            c7_0 = x.fma(b0, c7_0);
            x = FloatVector.broadcast(S, a[at + 8 * A + k]);
            c8_0 = x.fma(b0, c8_0);
            x = FloatVector.broadcast(S, a[at + 9 * A + k]);
            c9_0 = x.fma(b0, c9_0);
            x = FloatVector.broadcast(S, a[at + 10 * A + k]);
            c10_0 = x.fma(b0, c10_0);
            x = FloatVector.broadcast(S, a[at + 11 * A + k]);
            c11_0 = x.fma(b0, c11_0);
        }
        add(c0_0, sums, to);
        add(c1_0, sums, to + stride);
        add(c2_0, sums, to + 2 * stride);
        add(c3_0, sums, to + 3 * stride);
        add(c4_0, sums, to + 4 * stride);
        add(c5_0, sums, to + 5 * stride);
        add(c6_0, sums, to + 6 * stride);
        add(c7_0, sums, to + 7 * stride);
        add(c8_0, sums, to + 8 * stride);
        add(c9_0, sums, to + 9 * stride);
        add(c10_0, sums, to + 10 * stride);
        add(c11_0, sums, to + 11 * stride);
    }
}
