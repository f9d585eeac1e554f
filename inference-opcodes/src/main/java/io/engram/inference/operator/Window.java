package io.engram.inference.operator;

/**
 * How a kernel slides over height and width. Output size: {@code (in + padBefore + padAfter − dilation·(kernel − 1) − 1)
 * / stride + 1}, rounded down.
 */
public record Window(
        int strideHeight,
        int strideWidth,
        int dilationHeight,
        int dilationWidth,
        int padTop,
        int padLeft,
        int padBottom,
        int padRight) {

    /** Bound of every stride, dilation, padding and kernel size. */
    public static final int MAX = 4_096;

    /** Stride 1, dilation 1, no padding. */
    public static final Window UNIT = new Window(1, 1, 1, 1, 0, 0, 0, 0);

    public Window {
        if (!isStep(strideHeight)
                || !isStep(strideWidth)
                || !isStep(dilationHeight)
                || !isStep(dilationWidth)
                || !isPad(padTop)
                || !isPad(padLeft)
                || !isPad(padBottom)
                || !isPad(padRight)) {
            throw new IllegalArgumentException("stride, dilation or padding out of bounds");
        }
    }

    /** Equal strides and equal padding on all sides. */
    public static Window of(int stride, int pad) {
        return new Window(stride, stride, 1, 1, pad, pad, pad, pad);
    }

    /** Rows of the output, possibly less than 1. */
    public int outputHeight(int height, int kernelHeight) {
        return size(height + padTop + padBottom, dilationHeight * (kernelHeight - 1) + 1, strideHeight);
    }

    /** Columns of the output, possibly less than 1. */
    public int outputWidth(int width, int kernelWidth) {
        return size(width + padLeft + padRight, dilationWidth * (kernelWidth - 1) + 1, strideWidth);
    }

    private static int size(int padded, int extent, int stride) {
        return padded < extent ? 0 : (padded - extent) / stride + 1;
    }

    private static boolean isStep(int value) {
        return value >= 1 && value <= MAX;
    }

    private static boolean isPad(int value) {
        return value >= 0 && value <= MAX;
    }
}
