package io.engram.inference.engine.vector;

import java.util.Arrays;

/**
 * Columns of a matrix in memory, {@code [terms, columns]} or the other way round.
 *
 * @param at of the first element
 */
record MatrixColumns(byte[] x, int at, int terms, Panels panels, boolean transposed, int zero) implements ColumnSource {

    @Override
    public void fill(float[] out, int column, int vectors, int from, int to) {
        int width = vectors * Lanes.COUNT;
        int real = Math.min(width, panels.columns() - column);
        if (real < width) {
            Arrays.fill(out, 0, (to - from) * width, 0);
        }
        if (transposed) {
            for (int i = 0; i < real; i++) {
                int base = at + (column + i) * terms + from;
                for (int k = 0; k < to - from; k++) {
                    out[k * width + i] = x[base + k] - zero;
                }
            }
        } else {
            for (int k = from; k < to; k++) {
                Lanes.subtract(x, at + k * panels.columns() + column, real, zero, out, (k - from) * width);
            }
        }
    }
}
