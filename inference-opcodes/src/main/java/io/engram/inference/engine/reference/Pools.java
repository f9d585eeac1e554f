package io.engram.inference.engine.reference;

import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;

/** Pools over the real cells of each window; the checker has proven that there is one. */
final class Pools {

    private Pools() {}

    static Tensor max(MaxPool pool, Tensor image, Shape resultShape) {
        byte[] x = image.data();
        Window window = pool.window();
        int height = image.shape().dimension(1);
        int width = image.shape().dimension(2);
        int channels = image.shape().dimension(3);
        Tensor result = Tensor.zeros(pool.output().type(), resultShape);
        int index = 0;
        for (int row = 0; row < resultShape.dimension(1); row++) {
            int top = row * window.strideHeight() - window.padTop();
            int firstY = Convolutions.first(top, window.dilationHeight());
            int endY = Convolutions.end(top, window.dilationHeight(), pool.kernelHeight(), height);
            for (int column = 0; column < resultShape.dimension(2); column++) {
                int left = column * window.strideWidth() - window.padLeft();
                int firstX = Convolutions.first(left, window.dilationWidth());
                int endX = Convolutions.end(left, window.dilationWidth(), pool.kernelWidth(), width);
                for (int channel = 0; channel < channels; channel++) {
                    int largest = Byte.MIN_VALUE;
                    for (int ky = firstY; ky < endY; ky++) {
                        int rowAt = (top + ky * window.dilationHeight()) * width + left;
                        for (int kx = firstX; kx < endX; kx++) {
                            largest = Math.max(largest, x[(rowAt + kx * window.dilationWidth()) * channels + channel]);
                        }
                    }
                    long value = Rounding.rescale((long) largest - pool.inputZeroPoint(), pool.rescale());
                    result.set(index++, Rounding.finish(value, pool.output()));
                }
            }
        }
        return result;
    }

    static Tensor average(AveragePool pool, Tensor image, Shape resultShape) {
        byte[] x = image.data();
        Window window = pool.window();
        int height = image.shape().dimension(1);
        int width = image.shape().dimension(2);
        int channels = image.shape().dimension(3);
        Tensor result = Tensor.zeros(pool.output().type(), resultShape);
        int index = 0;
        for (int row = 0; row < resultShape.dimension(1); row++) {
            int top = row * window.strideHeight() - window.padTop();
            int firstY = Convolutions.first(top, window.dilationHeight());
            int endY = Convolutions.end(top, window.dilationHeight(), pool.kernelHeight(), height);
            for (int column = 0; column < resultShape.dimension(2); column++) {
                int left = column * window.strideWidth() - window.padLeft();
                int firstX = Convolutions.first(left, window.dilationWidth());
                int endX = Convolutions.end(left, window.dilationWidth(), pool.kernelWidth(), width);
                long cells = (long) (endY - firstY) * (endX - firstX);
                for (int channel = 0; channel < channels; channel++) {
                    long sum = 0;
                    for (int ky = firstY; ky < endY; ky++) {
                        int rowAt = (top + ky * window.dilationHeight()) * width + left;
                        for (int kx = firstX; kx < endX; kx++) {
                            sum += x[(rowAt + kx * window.dilationWidth()) * channels + channel]
                                    - pool.inputZeroPoint();
                        }
                    }
                    long a = (long) Rounding.accumulator(sum) * pool.rescale().multiplier();
                    long value = Rounding.divide(a, cells << pool.rescale().shift());
                    result.set(index++, Rounding.finish(value, pool.output()));
                }
            }
        }
        return result;
    }
}
