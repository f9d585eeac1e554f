package io.engram.inference.engine.vector;

import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** A dense layer on int16 whose rows are brought to int8 before the product with packed weights. */
final class DynamicLayer implements Step {

    private static final int HALF = 1 << (DynamicDense.FACTOR_BITS - 1);

    private final Value result;
    private final Workers workers;
    private final PackedWeights weights;
    private final WideEnding ending;
    private final int block;

    DynamicLayer(DynamicDense dense, List<Value> in, Value result, Workers workers) {
        this.result = result;
        this.workers = workers;
        Value constant = in.get(1);
        this.block = Products.block(DynamicDense.LEVELS, constant.distance(0));
        this.weights = PackedWeights.of(constant);
        this.ending = new WideEnding(in, dense.biasShift(), dense.output());
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int units = result.shape().last();
        int rows = result.shape().elements() / units;
        int width = weights.terms();
        int[] x = inputs.getFirst().toArray();
        byte[] quantised = new byte[x.length];
        int[] largest = new int[rows];
        for (int row = 0; row < rows; row++) {
            largest[row] = quantise(x, row * width, width, quantised);
        }
        MatrixRows left = new MatrixRows(quantised, 0, rows, width, 0);
        Products.Target target = new Products.Target(new Rows(largest, units), 0, output, 0, units);
        Products.multiply(left, weights, block, target, workers);
        return output;
    }

    /** All products fit an int: see section 3 of the specification. */
    private static int quantise(int[] x, int from, int width, byte[] to) {
        int largest = 1;
        for (int i = from; i < from + width; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        long numerator = (long) DynamicDense.LEVELS << DynamicDense.FACTOR_BITS;
        int factor = (int) ((2 * numerator + largest) / (2L * largest));
        for (int i = from; i < from + width; i++) {
            to[i] = (byte) ((x[i] * factor + HALF) >> DynamicDense.FACTOR_BITS);
        }
        return largest;
    }

    private final class Rows implements Ending {

        private final int[] largest;
        private final int units;

        Rows(int[] largest, int units) {
            this.largest = largest;
            this.units = units;
        }

        @Override
        public void start(int[] sums, int at, int channel, int count) {
            Arrays.fill(sums, at, at + count, 0);
        }

        @Override
        public void end(int[] sums, int at, int channel, int count, Tensor output, int index) {
            long scale = largest[index / units];
            for (int i = 0; i < count; i++) {
                ending.store(sums[at + i] * scale, channel + i, output, index + i);
            }
        }
    }
}
