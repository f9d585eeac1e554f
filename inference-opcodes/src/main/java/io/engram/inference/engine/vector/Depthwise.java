package io.engram.inference.engine.vector;

import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import jdk.incubator.vector.IntVector;

/** A convolution of each channel by itself, channels side by side in the vectors, in integers. */
final class Depthwise implements Step {

    /** Neighbouring positions computed together, so that a vector of weights is read once for all. */
    private static final int TOGETHER = 4;

    private static final long WORTH_SPLITTING = 1 << 16;
    private static final int L = Lanes.COUNT;

    private final Window window;
    private final int zero;
    private final Value result;
    private final Workers workers;
    private final byte[] weights;
    private final int kernelHeight;
    private final int kernelWidth;
    private final int channels;
    private final Finish finish;

    Depthwise(DepthwiseConv2d conv, List<Value> in, Value result, Workers workers) {
        this.window = conv.window();
        this.zero = conv.inputZeroPoint();
        this.result = result;
        this.workers = workers;
        Tensor kernel = in.get(1).constant().orElseThrow();
        this.weights = kernel.data();
        this.kernelHeight = kernel.shape().dimension(0);
        this.kernelWidth = kernel.shape().dimension(1);
        this.channels = kernel.shape().dimension(2);
        this.finish = Finish.perChannel(
                conv.output(),
                in.get(2).constant().orElseThrow(),
                in.get(3).constant().orElseThrow(),
                in.get(4).constant().orElseThrow());
    }

    /** Whether the channels fill a vector, and the sums of a few positions fit the scratch space. */
    static boolean fits(List<Value> in) {
        int channels = in.getFirst().shape().last();
        return channels >= L && channels <= Scratch.ROWS * Scratch.COLUMNS / TOGETHER;
    }

    /** What the prepared form takes. */
    static long bytes(List<Value> in) {
        return (long) in.getFirst().shape().last() * Finish.BYTES_PER_CHANNEL;
    }

    @Override
    public Tensor run(List<Tensor> inputs) {
        Tensor image = inputs.getFirst();
        Tensor output = Tensor.zeros(result.type(), result.shape());
        long work = (long) result.shape().elements() * kernelHeight * kernelWidth;
        workers.run(
                result.shape().dimension(1),
                work >= WORTH_SPLITTING,
                (row, scratch) -> row(image, output, row, scratch.sums));
        return output;
    }

    private void row(Tensor image, Tensor output, int row, int[] sums) {
        int width = image.shape().dimension(2);
        int columns = result.shape().dimension(2);
        int top = row * window.strideHeight() - window.padTop();
        int firstY = Patches.firstCell(top, window.dilationHeight());
        int endY = Patches.endCell(
                top, window.dilationHeight(), kernelHeight, image.shape().dimension(1));
        int column = 0;
        while (column < columns) {
            int left = column * window.strideWidth() - window.padLeft();
            int furthest = left + (TOGETHER - 1) * window.strideWidth() + (kernelWidth - 1) * window.dilationWidth();
            boolean inside = left >= 0 && furthest < width && column + TOGETHER <= columns;
            int count = inside ? TOGETHER : 1;
            int firstX = Patches.firstCell(left, window.dilationWidth());
            int endX = Patches.endCell(left, window.dilationWidth(), kernelWidth, width);
            for (int channel = 0; channel < channels; channel += L) {
                // The last vector overlaps the one before it.
                int first = Math.min(channel, channels - L);
                if (inside) {
                    four(image.data(), width, top, left, firstY, endY, first, sums);
                } else {
                    one(image.data(), width, top, left, firstY, endY, firstX, endX, first, sums);
                }
            }
            for (int i = 0; i < count; i++) {
                int index = (row * columns + column + i) * channels;
                finish.end(sums, i * channels, 0, channels, output, index);
            }
            column += count;
        }
    }

    private void one(
            byte[] x,
            int width,
            int top,
            int left,
            int firstY,
            int endY,
            int firstX,
            int endX,
            int channel,
            int[] sums) {
        IntVector sum = finish.bias(channel);
        IntVector offset = IntVector.broadcast(Lanes.INTS, zero);
        for (int ky = firstY; ky < endY; ky++) {
            int line = (top + ky * window.dilationHeight()) * width + left;
            for (int kx = firstX; kx < endX; kx++) {
                int at = (line + kx * window.dilationWidth()) * channels + channel;
                IntVector w = Lanes.ints(weights, (ky * kernelWidth + kx) * channels + channel);
                sum = Lanes.ints(x, at).sub(offset).mul(w).add(sum);
            }
        }
        sum.intoArray(sums, channel);
    }

    private void four(byte[] x, int width, int top, int left, int firstY, int endY, int channel, int[] sums) {
        IntVector s0 = finish.bias(channel);
        IntVector s1 = s0;
        IntVector s2 = s0;
        IntVector s3 = s0;
        IntVector offset = IntVector.broadcast(Lanes.INTS, zero);
        int next = window.strideWidth() * channels;
        int cell = window.dilationWidth() * channels;
        for (int ky = firstY; ky < endY; ky++) {
            int at = ((top + ky * window.dilationHeight()) * width + left) * channels + channel;
            int wAt = ky * kernelWidth * channels + channel;
            for (int kx = 0; kx < kernelWidth; kx++) {
                IntVector w = Lanes.ints(weights, wAt);
                s0 = Lanes.ints(x, at).sub(offset).mul(w).add(s0);
                s1 = Lanes.ints(x, at + next).sub(offset).mul(w).add(s1);
                s2 = Lanes.ints(x, at + 2 * next).sub(offset).mul(w).add(s2);
                s3 = Lanes.ints(x, at + 3 * next).sub(offset).mul(w).add(s3);
                at += cell;
                wAt += channels;
            }
        }
        s0.intoArray(sums, channel);
        s1.intoArray(sums, channels + channel);
        s2.intoArray(sums, 2 * channels + channel);
        s3.intoArray(sums, 3 * channels + channel);
    }
}
