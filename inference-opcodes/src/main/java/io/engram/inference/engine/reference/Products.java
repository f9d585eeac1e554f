package io.engram.inference.engine.reference;

import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Dense layers and matrix products. */
final class Products {

    private Products() {}

    static Tensor dense(Dense dense, List<Tensor> in, Shape resultShape) {
        byte[] x = in.get(0).data();
        byte[] w = in.get(1).data();
        int[] bias = in.get(2).toArray();
        int[] multipliers = in.get(3).toArray();
        byte[] shifts = in.get(4).data();
        int width = in.get(0).shape().last();
        int units = resultShape.last();
        Tensor result = Tensor.zeros(dense.output().type(), resultShape);
        for (int row = 0, index = 0; index < resultShape.elements(); row++) {
            for (int unit = 0; unit < units; unit++) {
                long sum =
                        bias[unit] + Convolutions.dot(x, row * width, dense.inputZeroPoint(), w, unit * width, width);
                long value = Rounding.rescale(Rounding.accumulator(sum), multipliers[unit], shifts[unit]);
                result.set(index++, Rounding.finish(value, dense.output()));
            }
        }
        return result;
    }

    static Tensor dynamicDense(DynamicDense dense, List<Tensor> in, Shape resultShape) {
        Tensor x = in.get(0);
        byte[] w = in.get(1).data();
        int[] bias = in.get(2).toArray();
        int[] multipliers = in.get(3).toArray();
        byte[] shifts = in.get(4).data();
        int width = x.shape().last();
        int units = resultShape.last();
        Tensor result = Tensor.zeros(dense.output().type(), resultShape);
        byte[] row = new byte[width];
        for (int start = 0, index = 0; index < resultShape.elements(); start += width) {
            int largest = 1;
            for (int i = start; i < start + width; i++) {
                largest = Math.max(largest, Math.abs(x.get(i)));
            }
            long factor = Rounding.divide((long) DynamicDense.LEVELS << DynamicDense.FACTOR_BITS, largest);
            for (int i = 0; i < width; i++) {
                row[i] = (byte) Rounding.rescale(x.get(start + i) * factor, 1, DynamicDense.FACTOR_BITS);
            }
            for (int unit = 0; unit < units; unit++) {
                int sum = Rounding.accumulator(Convolutions.dot(row, 0, 0, w, unit * width, width));
                long value = (long) sum * largest + ((long) bias[unit] << dense.biasShift());
                value = Rounding.rescale(value, multipliers[unit], shifts[unit]);
                result.set(index++, Rounding.finish(value, dense.output()));
            }
        }
        return result;
    }

    static Tensor matMul(MatMul matMul, Tensor a, Tensor b, Shape resultShape) {
        int rank = resultShape.rank();
        int rows = resultShape.dimension(rank - 2);
        int columns = resultShape.last();
        int inner = a.shape().last();
        int matrices = resultShape.elements() / (rows * columns);
        int step = matMul.transposed() ? 1 : columns;
        int stride = matMul.transposed() ? inner : 1;
        byte[] x = a.data();
        byte[] y = b.data();
        Tensor result = Tensor.zeros(matMul.output().type(), resultShape);
        int index = 0;
        for (int matrix = 0; matrix < matrices; matrix++) {
            for (int row = 0; row < rows; row++) {
                int xAt = (matrix * rows + row) * inner;
                for (int column = 0; column < columns; column++) {
                    int yAt = matrix * inner * columns + column * stride;
                    long sum = 0;
                    for (int i = 0; i < inner; i++) {
                        sum += (long) (x[xAt + i] - matMul.zeroPointA()) * (y[yAt + i * step] - matMul.zeroPointB());
                    }
                    long value = Rounding.rescale(Rounding.accumulator(sum), matMul.rescale());
                    result.set(index++, Rounding.finish(value, matMul.output()));
                }
            }
        }
        return result;
    }

    static Tensor wideDense(WideDense dense, List<Tensor> in, Shape resultShape) {
        int[] x = in.get(0).toArray();
        byte[] w = in.get(1).data();
        int[] bias = in.get(2).toArray();
        int[] multipliers = in.get(3).toArray();
        byte[] shifts = in.get(4).data();
        int width = in.get(0).shape().last();
        int units = resultShape.last();
        Tensor result = Tensor.zeros(dense.output().type(), resultShape);
        for (int row = 0, index = 0; index < resultShape.elements(); row++) {
            for (int unit = 0; unit < units; unit++) {
                long sum = (long) bias[unit] << dense.biasShift();
                for (int i = 0; i < width; i++) {
                    sum += (long) x[row * width + i] * w[unit * width + i];
                }
                long value = Rounding.rescale(sum, multipliers[unit], shifts[unit]);
                result.set(index++, Rounding.finish(value, dense.output()));
            }
        }
        return result;
    }

    static Tensor wideMatMul(WideMatMul matMul, Tensor a, Tensor b, Shape resultShape) {
        int rows = resultShape.dimension(resultShape.rank() - 2);
        int columns = resultShape.last();
        int inner = a.shape().last();
        int step = matMul.transposed() ? 1 : columns;
        int stride = matMul.transposed() ? inner : 1;
        int[] x = a.toArray();
        int[] y = b.toArray();
        Tensor result = Tensor.zeros(matMul.output().type(), resultShape);
        for (int index = 0; index < resultShape.elements(); index++) {
            int row = index / columns;
            int xAt = row * inner;
            int yAt = row / rows * inner * columns + index % columns * stride;
            long sum = 0;
            for (int i = 0; i < inner; i++) {
                sum += (long) (x[xAt + i] - matMul.zeroPointA()) * (y[yAt + i * step] - matMul.zeroPointB());
            }
            result.set(index, Rounding.finish(Rounding.rescale(sum, matMul.rescale()), matMul.output()));
        }
        return result;
    }
}
