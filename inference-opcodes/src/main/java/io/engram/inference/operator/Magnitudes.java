package io.engram.inference.operator;

import io.engram.inference.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums of |w| over the rows or the columns of an int8 constant, each taken once: a graph may use one constant in every
 * step, and the check of the graph must not read it as often. Used by one thread.
 */
public final class Magnitudes {

    /** Elements up to 2^7 that are added up in an int. */
    private static final int BLOCK = 1 << 20;

    private final Tensor tensor;
    private final Map<Integer, long[]> byRow = new HashMap<>();
    private final Map<Integer, long[]> byColumn = new HashMap<>();

    Magnitudes(Tensor tensor) {
        this.tensor = tensor;
    }

    /** For each of {@code rows} rows of equal length; not to be written to. */
    long[] ofRows(int rows) {
        return byRow.computeIfAbsent(rows, this::sumRows);
    }

    /** For each of {@code columns} columns; not to be written to. */
    long[] ofColumns(int columns) {
        return byColumn.computeIfAbsent(columns, this::sumColumns);
    }

    private long[] sumRows(int rows) {
        int perRow = tensor.shape().elements() / rows;
        long[] sums = new long[rows];
        for (int row = 0; row < rows; row++) {
            sums[row] = sum(tensor.data(), row * perRow, perRow);
        }
        return sums;
    }

    /** Blocks whose sum an int holds, in a form that the compiler turns into vector instructions. */
    private static long sum(byte[] data, int from, int count) {
        long sum = 0;
        for (int start = from, end = from + count; start < end; start += BLOCK) {
            int block = 0;
            for (int i = start, stop = Math.min(end, start + BLOCK); i < stop; i++) {
                block += Math.abs((int) data[i]);
            }
            sum += block;
        }
        return sum;
    }

    private long[] sumColumns(int columns) {
        byte[] data = tensor.data();
        long[] sums = new long[columns];
        for (int row = 0; row < data.length; row += columns) {
            for (int column = 0; column < columns; column++) {
                sums[column] += Math.abs((int) data[row + column]);
            }
        }
        return sums;
    }

    /** Two are the same when their constants are; the constants stand beside them. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Magnitudes;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
