package io.engram.inference.bench;

/**
 * Takes down a network, layer by layer. Values are handles; all are int8 images. With {@code relu} a layer's results are
 * not negative.
 */
public interface NetworkSketch {

    /** The network's only input. */
    int input(int height, int width, int channels);

    /** A convolution that keeps the image's size divided by the stride, rounded up. */
    int convolution(int value, int channels, int kernel, int stride, boolean relu);

    /** A 3×3 convolution of each channel by itself. */
    int depthwise(int value, int stride);

    int add(int a, int b, boolean relu);

    int maxPool(int value, int kernel, int stride, int pad);

    /** The mean of each channel. */
    int globalPool(int value);

    /** A fully connected layer over all of a value. */
    int dense(int value, int units, boolean relu);

    /** A matrix of {@code rows} samples of {@code inner} numbers by weights of as many numbers and {@code columns}. */
    int product(int rows, int inner, int columns);

    void output(int value);
}
