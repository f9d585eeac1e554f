package io.engram.inference.engine.vector;

import io.engram.inference.operator.Value;
import io.engram.inference.operator.WideDense;
import io.engram.inference.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A dense layer on int16 as two products of int8 with packed weights: {@code x = 256·high + low}, high −128 … 127, low 0 …
 * 255. Each product has int32 sums where 255·Σ|w| fits one; the layers that have not are the reference's.
 */
final class WideLayer implements Step {

    private static final int LOW = 255;
    private static final int LOW_ZERO = -128;

    private final Value result;
    private final Workers workers;
    private final PackedWeights weights;
    private final WideEnding ending;
    private final int block;

    WideLayer(WideDense dense, List<Value> in, Value result, Workers workers) {
        this.result = result;
        this.workers = workers;
        Value constant = in.get(1);
        this.block = Products.block(LOW, constant.distance(0));
        this.weights = PackedWeights.of(constant);
        this.ending = new WideEnding(in, dense.biasShift(), dense.output());
    }

    static boolean fits(List<Value> in) {
        Value weights = in.get(1);
        return LOW * weights.distance(0) * weights.shape().last() <= Integer.MAX_VALUE;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int units = result.shape().last();
        int rows = result.shape().elements() / units;
        int width = weights.terms();
        byte[] x = inputs.getFirst().data();
        byte[] high = new byte[x.length / 2];
        byte[] low = new byte[x.length / 2];
        for (int i = 0; i < high.length; i++) {
            high[i] = x[2 * i];
            low[i] = (byte) (x[2 * i + 1] + LOW_ZERO);
        }
        int[] sums = new int[output.shape().elements()];
        multiply(new MatrixRows(high, 0, rows, width, 0), new Keep(sums), output, units);
        multiply(new MatrixRows(low, 0, rows, width, LOW_ZERO), new Join(sums), output, units);
        return output;
    }

    private void multiply(MatrixRows rows, Ending end, Tensor output, int units) {
        Products.multiply(rows, weights, block, new Products.Target(end, 0, output, 0, units), workers);
    }

    /** Keeps the sums of the high halves. */
    private record Keep(int[] high) implements Ending {

        @Override
        public void start(int[] sums, int at, int channel, int count) {
            Arrays.fill(sums, at, at + count, 0);
        }

        @Override
        public void end(int[] sums, int at, int channel, int count, Tensor output, int index) {
            System.arraycopy(sums, at, high, index, count);
        }
    }

    /** Adds the sums of the low halves. */
    private final class Join implements Ending {

        private final int[] high;

        Join(int[] high) {
            this.high = high;
        }

        @Override
        public void start(int[] sums, int at, int channel, int count) {
            Arrays.fill(sums, at, at + count, 0);
        }

        @Override
        public void end(int[] sums, int at, int channel, int count, Tensor output, int index) {
            for (int i = 0; i < count; i++) {
                ending.store(((long) high[index + i] << Byte.SIZE) + sums[at + i], channel + i, output, index + i);
            }
        }
    }
}
