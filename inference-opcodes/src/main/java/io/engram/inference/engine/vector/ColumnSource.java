package io.engram.inference.engine.vector;

/** The right side of a product. */
interface ColumnSource {

    /** Terms of each sum. */
    int terms();

    Panels panels();

    /** Writes terms {@code from} to {@code to} of a panel, zero point subtracted: term by term, columns side by side. */
    void fill(float[] out, int column, int vectors, int from, int to);
}
