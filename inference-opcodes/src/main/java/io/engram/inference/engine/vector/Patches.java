package io.engram.inference.engine.vector;

import io.engram.inference.operator.Window;
import java.util.Arrays;

/**
 * What the kernel of a convolution sees at each position of the output, as rows: the cells of the window, each with the
 * channels of one group. Padding is the zero point, so it becomes 0.
 *
 * @param depth channels of the group
 * @param firstChannel of the group
 */
record Patches(
        byte[] x,
        int height,
        int width,
        int channels,
        Window window,
        int kernelHeight,
        int kernelWidth,
        int depth,
        int firstChannel,
        int zero,
        int outputHeight,
        int outputWidth)
        implements RowSource {

    @Override
    public int rows() {
        return outputHeight * outputWidth;
    }

    @Override
    public void fill(float[] out, int firstRow, int count, int from, int to) {
        int row = firstRow / outputWidth;
        int column = firstRow % outputWidth;
        for (int i = 0; i < count; i++) {
            patch(out, i * Scratch.ROW_STRIDE - from, row, column, from, to);
            if (++column == outputWidth) {
                column = 0;
                row++;
            }
        }
    }

    /** Terms {@code from} to {@code to} of a patch; term k goes to {@code out[base + k]}. */
    private void patch(float[] out, int base, int row, int column, int from, int to) {
        int top = row * window.strideHeight() - window.padTop();
        int left = column * window.strideWidth() - window.padLeft();
        int firstX = firstCell(left, window.dilationWidth());
        int endX = endCell(left, window.dilationWidth(), kernelWidth, width);
        int line = kernelWidth * depth;
        for (int ky = from / line; ky * line < to; ky++) {
            int start = Math.max(from, ky * line);
            int end = Math.min(to, (ky + 1) * line);
            int y = top + ky * window.dilationHeight();
            if (y < 0 || y >= height || firstX >= endX) {
                Arrays.fill(out, base + start, base + end, 0);
                continue;
            }
            int realStart = Math.clamp(ky * line + firstX * depth, start, end);
            int realEnd = Math.clamp(ky * line + endX * depth, realStart, end);
            Arrays.fill(out, base + start, base + realStart, 0);
            Arrays.fill(out, base + realEnd, base + end, 0);
            int origin = (y * width + left) * channels + firstChannel;
            if (window.dilationWidth() == 1 && depth == channels) {
                // Neighbours in the image are neighbours in the patch.
                int at = origin + realStart - ky * line;
                Lanes.subtract(x, at, realEnd - realStart, zero, out, base + realStart);
            } else {
                cells(out, base, origin, ky * line, realStart, realEnd);
            }
        }
    }

    private void cells(float[] out, int base, int origin, int lineStart, int from, int to) {
        int k = from;
        while (k < to) {
            int kx = (k - lineStart) / depth;
            int channel = (k - lineStart) % depth;
            int run = Math.min(depth - channel, to - k);
            int at = origin + kx * window.dilationWidth() * channels + channel;
            Lanes.subtract(x, at, run, zero, out, base + k);
            k += run;
        }
    }

    /** First cell of a kernel that starts at {@code start} that is not before the image. */
    static int firstCell(int start, int dilation) {
        return start >= 0 ? 0 : Math.ceilDiv(-start, dilation);
    }

    /** One past the last cell of a kernel that starts at {@code start} that is not behind the image. */
    static int endCell(int start, int dilation, int kernel, int size) {
        return start >= size ? 0 : Math.min(kernel, (size - 1 - start) / dilation + 1);
    }
}
