package io.engram.inference.engine.vector;

/** The left side of a product. */
interface RowSource {

    int rows();

    /**
     * Writes terms {@code from} to {@code to} of some rows, zero point subtracted, one row every
     * {@link Scratch#ROW_STRIDE} floats.
     */
    void fill(float[] out, int firstRow, int rows, int from, int to);
}
