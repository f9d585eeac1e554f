package io.engram.inference.engine.vector;

import io.engram.inference.operator.Value;

/**
 * Weights of one group in the order in which tiles read them: panel by panel, term by term, columns side by side, padding
 * columns zero.
 */
final class PackedWeights implements ColumnSource {

    /** What an instance takes besides the weights. */
    static final int OVERHEAD = 64;

    private final byte[] packed;
    private final int terms;
    private final Panels panels;

    /** @param w rows of {@code terms} weights, the first at {@code at} */
    PackedWeights(byte[] w, int at, int terms, int columns) {
        this.terms = terms;
        this.panels = new Panels(columns);
        this.packed = new byte[Math.multiplyExact(panels.padded(), terms)];
        for (int column = 0; column < panels.padded(); ) {
            int width = panels.vectors(column) * Lanes.COUNT;
            int real = Math.min(width, columns - column);
            pack(w, at + column * terms, terms, real, packed, column * terms, width);
            column += width;
        }
    }

    /** One panel: squares as far as they go, then what is left of the terms and of the columns. */
    private static void pack(byte[] w, int from, int terms, int columns, byte[] packed, int to, int width) {
        int endTerm = terms - terms % ByteSquare.SIZE;
        int endColumn = columns - columns % ByteSquare.SIZE;
        for (int i = 0; i < endColumn; i += ByteSquare.SIZE) {
            for (int k = 0; k < endTerm; k += ByteSquare.SIZE) {
                ByteSquare.transpose(w, from + i * terms + k, terms, packed, to + k * width + i, width);
            }
        }
        for (int k = 0; k < terms; k++) {
            for (int i = k < endTerm ? endColumn : 0; i < columns; i++) {
                packed[to + k * width + i] = w[from + i * terms + k];
            }
        }
    }

    /** The constant weights {@code [columns, terms]} of a dense layer. */
    static PackedWeights of(Value weights) {
        return new PackedWeights(
                weights.constant().orElseThrow().data(),
                0,
                weights.shape().last(),
                weights.shape().dimension(0));
    }

    /** Bytes that such weights take. */
    static long bytes(int terms, int columns) {
        return (long) new Panels(columns).padded() * terms;
    }

    @Override
    public int terms() {
        return terms;
    }

    @Override
    public Panels panels() {
        return panels;
    }

    @Override
    public void fill(float[] out, int column, int vectors, int from, int to) {
        int width = vectors * Lanes.COUNT;
        int base = column * terms + from * width;
        for (int i = 0, end = (to - from) * width; i < end; i += Lanes.COUNT) {
            Lanes.floats(packed, base + i).intoArray(out, i);
        }
    }

    /** Adds the products of one row with a panel, in integers. */
    void addRow(int[] row, int column, int vectors, int from, int to, int[] sums, int at) {
        int base = column * terms + from * vectors * Lanes.COUNT;
        switch (vectors) {
            case 4 -> RowProducts.times4(row, to - from, packed, base, sums, at);
            case 2 -> RowProducts.times2(row, to - from, packed, base, sums, at);
            default -> RowProducts.times1(row, to - from, packed, base, sums, at);
        }
    }
}
