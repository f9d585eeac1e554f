package io.engram.inference.engine.vector;

import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/** An operator that makes an element from one int8 element: a table of all 256 results. */
final class ByteMap implements Step {

    private static final int OFFSET = 128;

    private final int[] table;
    private final Value result;

    private ByteMap(int[] table, Value result) {
        this.table = table;
        this.result = result;
    }

    /** {@code finish(rescale(x − zero))} for each x. */
    static ByteMap of(int zero, Rescale rescale, OutputRange output, Value result) {
        int[] table = new int[2 * OFFSET];
        long half = 1L << (rescale.shift() - 1);
        for (int x = Byte.MIN_VALUE; x <= Byte.MAX_VALUE; x++) {
            // Values outside the proven range may overflow here; no element ever looks them up.
            long v = ((long) (x - zero) * rescale.multiplier() + half) >> rescale.shift();
            table[x + OFFSET] = Math.clamp(v + output.zeroPoint(), output.lo(), output.hi());
        }
        return new ByteMap(table, result);
    }

    static ByteMap of(Requantise requantise, Value result) {
        return of(requantise.inputZeroPoint(), requantise.rescale(), requantise.output(), result);
    }

    static ByteMap of(Clamp clamp, Value result) {
        OutputRange output = new OutputRange(TensorType.INT8, 0, clamp.lo(), clamp.hi());
        return of(0, Rescale.IDENTITY, output, result);
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor output = Tensor.zeros(result.type(), result.shape());
        map(inputs.getFirst().data(), 0, output.shape().elements(), output, 0);
        return output;
    }

    void map(byte[] x, int at, int count, Tensor output, int index) {
        if (output.type() == TensorType.INT8) {
            byte[] y = output.data();
            for (int i = 0; i < count; i++) {
                y[index + i] = (byte) table[x[at + i] + OFFSET];
            }
        } else {
            for (int i = 0; i < count; i++) {
                output.set(index + i, table[x[at + i] + OFFSET]);
            }
        }
    }
}
