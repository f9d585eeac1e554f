package io.engram.inference.engine.reference;

import io.engram.inference.operator.Softmax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

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
