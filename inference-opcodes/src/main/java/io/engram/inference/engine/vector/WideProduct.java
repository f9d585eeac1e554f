package io.engram.inference.engine.vector;

import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Products of matrices of int16 or int8 that the model computes. A product of two terms is below 2^32 in magnitude, so
 * sums of {@link #TERMS} of them are exact in doubles; they are added up in 64-bit integers.
 */
final class WideProduct implements Step {

    /** Rows of a task. */
    private static final int ROWS = 64;

    /** Terms between two conversions to integers. */
    private static final int TERMS = 512;

    /** Multiply–accumulates below which one thread does it all. */
    private static final long WORTH_SPLITTING = 1 << 16;

    private final WideMatMul matMul;
    private final Value result;
    private final Workers workers;
    private final int terms;
    private final int rows;
    private final int columns;

    WideProduct(WideMatMul matMul, List<Value> in, Value result, Workers workers) {
        this.matMul = matMul;
        this.result = result;
        this.workers = workers;
        this.terms = in.getFirst().shape().last();
        this.rows = result.shape().dimension(result.shape().rank() - 2);
        this.columns = result.shape().last();
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        int[] a = inputs.get(0).toArray();
        int[] b = inputs.get(1).toArray();
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int chunks = Math.ceilDiv(rows, ROWS);
        int tasks = result.shape().elements() / (rows * columns) * chunks;
        boolean split = workers.threads() > 1 && (long) result.shape().elements() * terms >= WORTH_SPLITTING;
        workers.run(tasks, split, (index, _) -> {
            int first = index % chunks * ROWS;
            new Chunk(a, b, index / chunks, first, Math.min(ROWS, rows - first)).multiply(output);
        });
        return output;
    }

    /** Some rows of one product. */
    private final class Chunk {

        private final int[] a;
        private final int[] b;
        private final int matrix;
        private final int first;
        private final int count;
        private final int stride = Math.min(TERMS, terms);
        private final double[] left;
        private final double[] panel = new double[stride * DoubleTile.COLUMNS];
        private final double[] sums = new double[DoubleTile.ROWS * DoubleTile.COLUMNS];
        private final long[] totals;

        Chunk(int[] a, int[] b, int matrix, int first, int count) {
            this.a = a;
            this.b = b;
            this.matrix = matrix;
            this.first = first;
            this.count = count;
            this.left = new double[Math.ceilDiv(count, DoubleTile.ROWS) * DoubleTile.ROWS * stride];
            this.totals = new long[count * columns];
        }

        void multiply(Tensor output) {
            for (int from = 0; from < terms; from += stride) {
                int length = Math.min(stride, terms - from);
                fillRows(from, length);
                for (int column = 0; column < columns; column += DoubleTile.COLUMNS) {
                    int real = Math.min(DoubleTile.COLUMNS, columns - column);
                    fillPanel(column, real, from, length);
                    for (int row = 0; row < count; row += DoubleTile.ROWS) {
                        DoubleTile.multiply(left, row * stride, stride, panel, length, sums);
                        add(row, column, real);
                    }
                }
            }
            finish(output);
        }

        private void fillRows(int from, int length) {
            for (int row = 0; row < count; row++) {
                int at = (matrix * rows + first + row) * terms + from;
                for (int k = 0; k < length; k++) {
                    left[row * stride + k] = a[at + k] - matMul.zeroPointA();
                }
            }
        }

        private void fillPanel(int column, int real, int from, int length) {
            int base = matrix * terms * columns;
            int width = DoubleTile.COLUMNS;
            if (real < width) {
                Arrays.fill(panel, 0);
            }
            if (matMul.transposed()) {
                for (int i = 0; i < real; i++) {
                    int at = base + (column + i) * terms + from;
                    for (int k = 0; k < length; k++) {
                        panel[k * width + i] = b[at + k] - matMul.zeroPointB();
                    }
                }
            } else {
                for (int k = 0; k < length; k++) {
                    int at = base + (from + k) * columns + column;
                    for (int i = 0; i < real; i++) {
                        panel[k * width + i] = b[at + i] - matMul.zeroPointB();
                    }
                }
            }
        }

        private void add(int row, int column, int real) {
            for (int r = 0; r < Math.min(DoubleTile.ROWS, count - row); r++) {
                int at = (row + r) * columns + column;
                for (int i = 0; i < real; i++) {
                    totals[at + i] += (long) sums[r * DoubleTile.COLUMNS + i];
                }
            }
        }

        private void finish(Tensor output) {
            Rescale rescale = matMul.rescale();
            long half = 1L << (rescale.shift() - 1);
            int index = (matrix * rows + first) * columns;
            for (long total : totals) {
                long value = (total * rescale.multiplier() + half) >> rescale.shift();
                output.set(
                        index++,
                        Math.clamp(
                                value + matMul.output().zeroPoint(),
                                matMul.output().lo(),
                                matMul.output().hi()));
            }
        }
    }
}
