package io.engram.inference.engine.reference;

import io.engram.inference.operator.Mean;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Means along an axis. */
final class Means {

    private Means() {}

    static Tensor mean(Mean mean, List<Tensor> in, Shape resultShape) {
        Tensor x = in.get(0);
        int[] strides = Strides.of(x.shape());
        int[] maskStrides = mean.masked() ? Strides.broadcast(in.get(1).shape(), x.shape()) : new int[0];
        int terms = x.shape().dimension(mean.axis());
        Tensor result = Tensor.zeros(mean.output().type(), resultShape);
        Counter counter = new Counter(resultShape);
        for (int i = 0; i < resultShape.elements(); i++) {
            int at = counter.offset(strides);
            int maskAt = mean.masked() ? counter.offset(maskStrides) : 0;
            long sum = 0;
            long kept = 0;
            for (int term = 0; term < terms; term++) {
                if (!mean.masked() || in.get(1).get(maskAt + term * maskStrides[mean.axis()]) != 0) {
                    sum += (long) x.get(at + term * strides[mean.axis()]) - mean.inputZeroPoint();
                    kept++;
                }
            }
            long value = 0;
            if (kept > 0) {
                long a = (long) Rounding.accumulator(sum) * mean.rescale().multiplier();
                value = Rounding.divide(a, kept << mean.rescale().shift());
            }
            result.set(i, Rounding.finish(value, mean.output()));
            counter.next();
        }
        return result;
    }
}
