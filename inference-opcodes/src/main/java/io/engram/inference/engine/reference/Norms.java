package io.engram.inference.engine.reference;

import io.engram.inference.operator.Normalise;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Layer norm and RMS norm. */
final class Norms {

    private static final int INVERSE_BITS = 50;

    private Norms() {}

    static Tensor normalise(Normalise norm, List<Tensor> in) {
        Tensor x = in.get(0);
        int[] gains = in.get(1).toArray();
        int[] biases = in.get(2).toArray();
        int width = x.shape().last();
        Tensor result = Tensor.zeros(norm.output().type(), x.shape());
        for (int start = 0; start < x.shape().elements(); start += width) {
            long sum = 0;
            long squares = 0;
            for (int i = start; i < start + width; i++) {
                long element = (long) x.get(i) - norm.inputZeroPoint();
                sum += element;
                squares += element * element;
            }
            long mean = norm.centred() ? sum : 0;
            RowFactor factor =
                    RowFactor.of(width * squares - mean * mean + norm.epsilon().value());
            for (int i = 0; i < width; i++) {
                long centred = width * ((long) x.get(start + i) - norm.inputZeroPoint()) - mean;
                long value = factor.apply(centred) * gains[i] + biases[i];
                result.set(start + i, Rounding.finish(Rounding.rescale(value, norm.rescale()), norm.output()));
            }
        }
        return result;
    }

    /** The factor {@code 2^15 / √Q} of a row as {@code v · 2^−shift}. */
    private record RowFactor(long v, int shift) {

        static RowFactor of(long q) {
            if (q == 0) {
                // All elements are equal to the mean: any factor gives zeros.
                return new RowFactor(0, 1);
            }
            int k = (Long.numberOfLeadingZeros(q) - 2) / 2;
            long root = IntegerRoot.floor(q << (2 * k));
            long v = Rounding.divide(1L << INVERSE_BITS, root);
            return new RowFactor(v, INVERSE_BITS - Normalise.FRACTION_BITS - k);
        }

        long apply(long centred) {
            return Rounding.rescale(centred * v, 1, shift);
        }
    }
}
