package io.engram.inference.onnx;

/**
 * An operator of the float graph. Rank-4 tensors are batch, height, width, channel; the last axis is "the channels" of
 * every operator that has any. Arrays are never changed after construction.
 */
public sealed interface FloatOperation {

    /**
     * A sample.
     *
     * @param moved whether the ONNX file declares it as batch, channel, height, width
     */
    record Input(boolean moved) implements FloatOperation {}

    record Constant(float[] values) implements FloatOperation {}

    /**
     * Two-dimensional convolution.
     *
     * @param groups channels in and out are split into this many independent parts
     * @param weights kernel row, kernel column, channel within the group, output channel
     */
    record Convolution(Window window, int groups, Weights weights, Clamp clamp) implements FloatOperation {}

    /** Weights from the last axis to a new last axis: {@code weights[in][out]}. */
    record Dense(Weights weights, Clamp clamp) implements FloatOperation {}

    /** Sum of two tensors, either of which may be broadcast along axes of size one. */
    record Sum(Clamp clamp) implements FloatOperation {}

    /** Product of two tensors, with the same broadcasting. */
    record Product(Clamp clamp) implements FloatOperation {}

    /** Padding cells never win. */
    record MaxPool(Window window) implements FloatOperation {}

    /** Divided by the number of cells that are not padding. */
    record AveragePool(Window window) implements FloatOperation {}

    record Pointwise(ScalarFunction function) implements FloatOperation {}

    /** {@code x · scale + shift}, one of each a channel. */
    record ChannelAffine(float[] scale, float[] shift) implements FloatOperation {}

    /** To the nearest number of the grid. */
    record Round(Grid grid) implements FloatOperation {}

    record Reshape() implements FloatOperation {}

    /** Output axis {@code i} is input axis {@code permutation[i]}. */
    record Transpose(int[] permutation) implements FloatOperation {}

    record Concat(int axis) implements FloatOperation {}

    record Pad(int[] before, int[] after, float value) implements FloatOperation {}

    /** Along the last axis. */
    record Softmax() implements FloatOperation {}

    /** Index of the first greatest element along the last axis, which becomes 1 long. */
    record ArgMax() implements FloatOperation {}
}
