package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;

/** Checks of operators that slide a window over images. */
final class Planes {

    private static final int MAX_SIDE = 1 << 16;

    private Planes() {}

    /** Shape of the result for a window of this kernel over {@code image}, with {@code channels} channels. */
    static Shape slide(Shape image, Window window, int kernelHeight, int kernelWidth, int channels)
            throws MalformedModelException {
        Proof.require(image.rank() == 4, "works on images [1, height, width, channels], not " + image);
        Proof.require(
                image.dimension(1) <= MAX_SIDE && image.dimension(2) <= MAX_SIDE, "image sides over 65536: " + image);
        Proof.require(isKernel(kernelHeight) && isKernel(kernelWidth), "kernel side over " + Window.MAX);
        return Proof.shape(
                image.dimension(0),
                window.outputHeight(image.dimension(1), kernelHeight),
                window.outputWidth(image.dimension(2), kernelWidth),
                channels);
    }

    /** Every position of the window must cover at least one cell of the image. */
    static void covered(Shape image, Shape result, Window window, int kernelHeight, int kernelWidth)
            throws MalformedModelException {
        covered(
                image.dimension(1),
                result.dimension(1),
                window.strideHeight(),
                window.dilationHeight(),
                window.padTop(),
                kernelHeight);
        covered(
                image.dimension(2),
                result.dimension(2),
                window.strideWidth(),
                window.dilationWidth(),
                window.padLeft(),
                kernelWidth);
    }

    static boolean isKernel(int side) {
        return side >= 1 && side <= Window.MAX;
    }

    private static void covered(int size, int positions, int stride, int dilation, int pad, int kernel)
            throws MalformedModelException {
        for (int position = 0; position < positions; position++) {
            int start = position * stride - pad;
            int first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
            Proof.require(first < kernel && start + first * dilation < size, "a window lies wholly in the padding");
        }
    }
}
