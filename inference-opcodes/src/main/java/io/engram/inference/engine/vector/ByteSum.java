package io.engram.inference.engine.vector;

import io.engram.inference.operator.Add;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/** The sum of two int8 values of one shape: a table of 256 terms for each. */
final class ByteSum implements Step {

    private static final int OFFSET = 128;

    private final Add add;
    private final Value result;
    private final long[] first;
    private final long[] second;

    ByteSum(Add add, Value result) {
        this.add = add;
        this.result = result;
        this.first = terms(add.a(), 1L << (add.shift() - 1));
        this.second = terms(add.b(), 0);
    }

    static boolean fits(List<Value> in) {
        return in.get(0).type() == TensorType.INT8
                && in.get(1).type() == TensorType.INT8
                && in.get(0).shape().equals(in.get(1).shape());
    }

    private static long[] terms(Add.Term term, long more) {
        long[] terms = new long[2 * OFFSET];
        for (int x = Byte.MIN_VALUE; x <= Byte.MAX_VALUE; x++) {
            // Terms outside the proven range may overflow; no element ever looks them up.
            terms[x + OFFSET] = (long) (x - term.zeroPoint()) * term.multiplier() + more;
        }
        return terms;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        byte[] a = inputs.get(0).data();
        byte[] b = inputs.get(1).data();
        Tensor output = Tensor.zeros(result.type(), result.shape());
        int shift = add.shift();
        int zero = add.output().zeroPoint();
        int lo = add.output().lo();
        int hi = add.output().hi();
        boolean narrow = output.type() == TensorType.INT8;
        byte[] y = output.data();
        for (int i = 0; i < a.length; i++) {
            long v = (first[a[i] + OFFSET] + second[b[i] + OFFSET]) >> shift;
            int element = Math.clamp(v + zero, lo, hi);
            if (narrow) {
                y[i] = (byte) element;
            } else {
                output.set(i, element);
            }
        }
        return output;
    }
}
