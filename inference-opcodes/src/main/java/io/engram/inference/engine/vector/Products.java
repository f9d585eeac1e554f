package io.engram.inference.engine.vector;

import io.engram.inference.tensor.Tensor;

/** Drives the tiles over a whole product, in tasks of some rows and some columns. */
final class Products {

    /** Products with fewer rows go row by row. */
    private static final int FEW_ROWS = 3;

    /** Multiply–accumulates below which one thread does it all. */
    private static final long WORTH_SPLITTING = 1 << 18;

    /** Largest magnitude up to which all whole numbers are floats. */
    private static final long EXACT = 1 << 24;

    private Products() {}

    /** Terms after which a sum of products of these magnitudes might no longer be exact in a float, at least 1. */
    static int block(long left, long right) {
        if (left * right > EXACT) {
            throw new IllegalArgumentException(left + " times " + right + " is over 2^24");
        }
        return (int) Math.min(Scratch.BLOCK, EXACT / Math.max(1, left * right));
    }

    /**
     * Where a product goes: column c of row r is element {@code index + r·rowStride + c} of the result and channel
     * {@code channel + c} of the finish.
     */
    record Target(Ending finish, int channel, Tensor result, int index, int rowStride) {}

    static void multiply(RowSource rows, ColumnSource columns, int block, Target target, Workers workers) {
        int chunks = Math.ceilDiv(rows.rows(), Scratch.ROWS);
        boolean split = workers.threads() > 1
                && (long) rows.rows() * columns.terms() * columns.panels().padded() >= WORTH_SPLITTING;
        int perTask = columns.panels().perTask(split ? Math.ceilDiv(2 * workers.threads(), chunks) : 1);
        int slices = columns.panels().tasks(perTask);
        int tasks = Math.multiplyExact(chunks, slices);
        Workers.Task task = (index, scratch) -> {
            int firstRow = index / slices * Scratch.ROWS;
            int firstColumn = index % slices * perTask;
            int lastRow = Math.min(firstRow + Scratch.ROWS, rows.rows());
            int endColumn = Math.min(firstColumn + perTask, columns.panels().padded());
            multiply(rows, columns, block, target, scratch, firstRow, lastRow, firstColumn, endColumn);
        };
        workers.run(tasks, split, task);
    }

    private static void multiply(
            RowSource rows,
            ColumnSource columns,
            int block,
            Target target,
            Scratch scratch,
            int firstRow,
            int endRow,
            int firstColumn,
            int endColumn) {
        int count = endRow - firstRow;
        int stride = endColumn - firstColumn;
        int real = Math.min(endColumn, columns.panels().columns()) - firstColumn;
        int[] sums = scratch.sums;
        for (int row = 0; row < count; row++) {
            target.finish.start(sums, row * stride, target.channel + firstColumn, real);
        }
        for (int from = 0; from < columns.terms(); from += block) {
            int to = Math.min(from + block, columns.terms());
            rows.fill(scratch.rows, firstRow, count, from, to);
            if (count < FEW_ROWS && columns instanceof PackedWeights weights) {
                rowByRow(weights, scratch, count, firstColumn, endColumn, from, to);
                continue;
            }
            for (int column = firstColumn; column < endColumn; ) {
                int vectors = columns.panels().vectors(column);
                columns.fill(scratch.panel, column, vectors, from, to);
                Tiles.multiply(
                        scratch.rows, count, scratch.panel, vectors, to - from, sums, column - firstColumn, stride);
                column += vectors * Lanes.COUNT;
            }
        }
        for (int row = 0; row < count; row++) {
            int index = target.index + (firstRow + row) * target.rowStride + firstColumn;
            target.finish.end(sums, row * stride, target.channel + firstColumn, real, target.result, index);
        }
    }

    private static void rowByRow(
            PackedWeights weights, Scratch scratch, int count, int firstColumn, int endColumn, int from, int to) {
        for (int row = 0; row < count; row++) {
            for (int k = 0; k < to - from; k++) {
                scratch.row[k] = (int) scratch.rows[row * Scratch.ROW_STRIDE + k];
            }
            int at = row * (endColumn - firstColumn);
            for (int column = firstColumn; column < endColumn; ) {
                int vectors = weights.panels().vectors(column);
                weights.addRow(scratch.row, column, vectors, from, to, scratch.sums, at + column - firstColumn);
                column += vectors * Lanes.COUNT;
            }
        }
    }
}
