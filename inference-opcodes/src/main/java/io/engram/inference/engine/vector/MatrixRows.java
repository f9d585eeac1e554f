package io.engram.inference.engine.vector;

/**
 * Rows of a matrix in memory.
 *
 * @param at of the first element
 */
record MatrixRows(byte[] x, int at, int rows, int width, int zero) implements RowSource {

    @Override
    public void fill(float[] out, int firstRow, int count, int from, int to) {
        for (int i = 0; i < count; i++) {
            Lanes.subtract(x, at + (firstRow + i) * width + from, to - from, zero, out, i * Scratch.ROW_STRIDE);
        }
    }
}
