package io.engram.inference.engine.reference;

import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/** Convolutions. A cell of padding equals the zero point, so it adds nothing and is left out. */
final class Convolutions {

    private Convolutions() {}

    static Tensor conv2d(Conv2d conv, List<Tensor> in, Shape resultShape) {
        Tensor image = in.get(0);
        Tensor weights = in.get(1);
        int[] bias = in.get(2).toArray();
        int[] multipliers = in.get(3).toArray();
        byte[] shifts = in.get(4).data();
        byte[] x = image.data();
        byte[] w = weights.data();
        Window window = conv.window();
        OutputRange output = conv.output();
        int zero = conv.inputZeroPoint();
        int height = image.shape().dimension(1);
        int width = image.shape().dimension(2);
        int channels = image.shape().dimension(3);
        int kernelHeight = weights.shape().dimension(1);
        int kernelWidth = weights.shape().dimension(2);
        int depth = weights.shape().dimension(3);
        int outChannels = resultShape.dimension(3);
        int perGroup = outChannels / conv.groups();
        // Adjoining cells of a row are adjoining in memory, and so are their weights: one run instead of many.
        boolean joined = window.dilationWidth() == 1 && depth == channels;
        Tensor result = Tensor.zeros(output.type(), resultShape);
        int index = 0;
        for (int row = 0; row < resultShape.dimension(1); row++) {
            int top = row * window.strideHeight() - window.padTop();
            for (int column = 0; column < resultShape.dimension(2); column++) {
                int left = column * window.strideWidth() - window.padLeft();
                int firstX = first(left, window.dilationWidth());
                int endX = end(left, window.dilationWidth(), kernelWidth, width);
                for (int channel = 0; channel < outChannels; channel++) {
                    int channelOffset = channel / perGroup * depth;
                    long sum = bias[channel];
                    for (int ky = first(top, window.dilationHeight()),
                                    endY = end(top, window.dilationHeight(), kernelHeight, height);
                            ky < endY;
                            ky++) {
                        int y = top + ky * window.dilationHeight();
                        int weightRow = (channel * kernelHeight + ky) * kernelWidth;
                        if (joined) {
                            if (firstX < endX) {
                                int xAt = (y * width + left + firstX) * channels;
                                int wAt = (weightRow + firstX) * depth;
                                sum += dot(x, xAt, zero, w, wAt, (endX - firstX) * depth);
                            }
                        } else {
                            for (int kx = firstX; kx < endX; kx++) {
                                int xAt = (y * width + left + kx * window.dilationWidth()) * channels + channelOffset;
                                sum += dot(x, xAt, zero, w, (weightRow + kx) * depth, depth);
                            }
                        }
                    }
                    int accumulator = Rounding.accumulator(sum);
                    long value = Rounding.rescale(accumulator, multipliers[channel], shifts[channel]);
                    result.set(index++, Rounding.finish(value, output));
                }
            }
        }
        return result;
    }

    static Tensor depthwise(DepthwiseConv2d conv, List<Tensor> in, Shape resultShape) {
        Tensor image = in.get(0);
        Tensor weights = in.get(1);
        int[] bias = in.get(2).toArray();
        int[] multipliers = in.get(3).toArray();
        byte[] shifts = in.get(4).data();
        byte[] x = image.data();
        byte[] w = weights.data();
        Window window = conv.window();
        OutputRange output = conv.output();
        int zero = conv.inputZeroPoint();
        int height = image.shape().dimension(1);
        int width = image.shape().dimension(2);
        int channels = image.shape().dimension(3);
        int kernelHeight = weights.shape().dimension(0);
        int kernelWidth = weights.shape().dimension(1);
        Tensor result = Tensor.zeros(output.type(), resultShape);
        long[] sums = new long[channels];
        int index = 0;
        for (int row = 0; row < resultShape.dimension(1); row++) {
            int top = row * window.strideHeight() - window.padTop();
            int firstY = first(top, window.dilationHeight());
            int endY = end(top, window.dilationHeight(), kernelHeight, height);
            for (int column = 0; column < resultShape.dimension(2); column++) {
                int left = column * window.strideWidth() - window.padLeft();
                int firstX = first(left, window.dilationWidth());
                int endX = end(left, window.dilationWidth(), kernelWidth, width);
                for (int channel = 0; channel < channels; channel++) {
                    sums[channel] = bias[channel];
                }
                for (int ky = firstY; ky < endY; ky++) {
                    int y = top + ky * window.dilationHeight();
                    for (int kx = firstX; kx < endX; kx++) {
                        int xAt = (y * width + left + kx * window.dilationWidth()) * channels;
                        int wAt = (ky * kernelWidth + kx) * channels;
                        for (int channel = 0; channel < channels; channel++) {
                            sums[channel] += (long) (x[xAt + channel] - zero) * w[wAt + channel];
                        }
                    }
                }
                for (int channel = 0; channel < channels; channel++) {
                    int accumulator = Rounding.accumulator(sums[channel]);
                    long value = Rounding.rescale(accumulator, multipliers[channel], shifts[channel]);
                    result.set(index++, Rounding.finish(value, output));
                }
            }
        }
        return result;
    }

    static long dot(byte[] x, int xAt, int zero, byte[] w, int wAt, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (long) (x[xAt + i] - zero) * w[wAt + i];
        }
        return sum;
    }

    /** First kernel cell at or after the image's edge, for a window that starts at {@code start}. */
    static int first(int start, int dilation) {
        return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
    }

    /** One past the last kernel cell inside the image. */
    static int end(int start, int dilation, int kernel, int size) {
        return start >= size ? 0 : Math.min(kernel, (size - 1 - start) / dilation + 1);
    }
}
