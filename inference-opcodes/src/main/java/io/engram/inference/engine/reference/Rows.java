package io.engram.inference.engine.reference;

import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/** Operators that look at the last axis as a whole. */
final class Rows {

    private Rows() {}

    static Tensor softmax(Softmax softmax, Tensor in, Tensor tableTensor) {
        byte[] x = in.data();
        int[] table = tableTensor.toArray();
        int width = in.shape().last();
        Tensor result = Tensor.zeros(softmax.output().type(), in.shape());
        for (int start = 0; start < x.length; start += width) {
            int largest = Byte.MIN_VALUE;
            for (int i = start; i < start + width; i++) {
                largest = Math.max(largest, x[i]);
            }
            long sum = 0;
            for (int i = start; i < start + width; i++) {
                sum += table[largest - x[i]];
            }
            for (int i = start; i < start + width; i++) {
                long value = Rounding.divide((long) table[largest - x[i]] * softmax.numerator(), sum);
                result.set(i, Rounding.finish(value, softmax.output()));
            }
        }
        return result;
    }

    static Tensor wideSoftmax(WideSoftmax softmax, List<Tensor> in) {
        Tensor x = in.get(0);
        int[] coarse = in.get(1).toArray();
        int[] fine = in.get(2).toArray();
        int width = x.shape().last();
        int[] maskStrides = softmax.masked() ? Strides.broadcast(in.get(3).shape(), x.shape()) : new int[0];
        Tensor result = Tensor.zeros(softmax.output().type(), x.shape());
        Counter counter = new Counter(x.shape());
        boolean[] kept = new boolean[width];
        long[] exponentials = new long[width];
        for (int start = 0; start < x.shape().elements(); start += width) {
            int largest = Short.MIN_VALUE;
            for (int i = 0; i < width; i++) {
                kept[i] = !softmax.masked() || in.get(3).get(counter.offset(maskStrides)) != 0;
                if (kept[i]) {
                    largest = Math.max(largest, x.get(start + i));
                }
                counter.next();
            }
            long sum = 0;
            for (int i = 0; i < width; i++) {
                int below = kept[i] ? largest - x.get(start + i) : 0;
                exponentials[i] = kept[i] ? (long) coarse[below >> 8] * fine[below & 255] : 0;
                sum += exponentials[i];
            }
            for (int i = 0; i < width; i++) {
                // The largest kept element adds at least 1, so the sum is 0 only where all are masked.
                long value = sum == 0 ? 0 : Rounding.divide(exponentials[i] * softmax.numerator(), sum);
                result.set(start + i, Rounding.finish(value, softmax.output()));
            }
        }
        return result;
    }

    static Tensor argMax(Tensor in, Shape resultShape) {
        int width = in.shape().last();
        Tensor result = Tensor.zeros(TensorType.INT32, resultShape);
        for (int row = 0; row < resultShape.elements(); row++) {
            int best = 0;
            for (int i = 1; i < width; i++) {
                if (in.get(row * width + i) > in.get(row * width + best)) {
                    best = i;
                }
            }
            result.set(row, best);
        }
        return result;
    }
}
