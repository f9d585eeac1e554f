package io.engram.inference.onnx;

/**
 * How a convolution or pooling moves over height and width.
 *
 * @param top rows of padding above the input; likewise the other sides
 */
public record Window(
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int dilationHeight,
        int dilationWidth,
        int top,
        int left,
        int bottom,
        int right) {

    /** One cell, stride one, no padding. */
    public static final Window POINT = new Window(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);

    /** Output rows for {@code height} input rows; below 1 where the kernel does not fit. */
    public int outputHeight(int height) {
        return Math.floorDiv(height + top + bottom - dilationHeight * (kernelHeight - 1) - 1, strideHeight) + 1;
    }

    /** Output columns for {@code width} input columns; below 1 where the kernel does not fit. */
    public int outputWidth(int width) {
        return Math.floorDiv(width + left + right - dilationWidth * (kernelWidth - 1) - 1, strideWidth) + 1;
    }

    public boolean padded() {
        return (top | left | bottom | right) != 0;
    }

    Window withPads(int newTop, int newLeft, int newBottom, int newRight) {
        return new Window(
                kernelHeight,
                kernelWidth,
                strideHeight,
                strideWidth,
                dilationHeight,
                dilationWidth,
                newTop,
                newLeft,
                newBottom,
                newRight);
    }
}
