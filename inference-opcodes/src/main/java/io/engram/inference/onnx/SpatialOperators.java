package io.engram.inference.onnx;

import java.util.List;
import java.util.Optional;

/** ONNX operators over height and width. */
final class SpatialOperators {

    private static final int MAX_SIDE = 4096;

    private SpatialOperators() {}

    static void convolution(NodeReader reader) throws OnnxException {
        Symbol.Computed image = reader.image(0);
        OnnxTensor kernel = reader.constant(1);
        int[] shape = kernel.shape();
        if (shape.length != 4) {
            throw reader.unsupported("only two-dimensional convolution is supported");
        }
        float[] bias = reader.has(2) ? reader.floats(2, shape[0]) : new float[shape[0]];
        Steps steps = new Steps(reader.steps(1, 0, shape[0]), 0);
        reader.result(convolution(reader, image, shape, kernel.floats(), bias, steps));
    }

    /**
     * A convolution whose weights are given.
     *
     * @param shape output channel, channel within the group, kernel row, kernel column
     * @param steps for each output channel, or one, or none
     */
    static Symbol.Computed convolution(
            NodeReader reader, Symbol.Computed value, int[] shape, float[] kernel, float[] bias, Steps steps)
            throws OnnxException {
        Symbol.Computed image = reader.image(value);
        if (shape.length != 4) {
            throw reader.unsupported("only two-dimensional convolution is supported");
        }
        int channels = image.shape()[1];
        int groups = Math.clamp(reader.integer("group", 1), 0, Integer.MAX_VALUE);
        if (groups < 1
                || channels % groups != 0
                || shape[0] < 1
                || shape[0] % groups != 0
                || shape[1] != channels / groups) {
            throw reader.malformed("weights do not fit " + channels + " channels in " + groups + " groups");
        }
        if (shape[2] < 1 || shape[3] < 1 || shape[2] > MAX_SIDE || shape[3] > MAX_SIDE) {
            throw reader.malformed("bad kernel size");
        }
        Window window = window(reader, image, shape[2], shape[3]);
        float[] values = new float[kernel.length];
        Layouts.transpose(reader.finite(kernel), shape, new int[] {2, 3, 1, 0}, values);
        Weights weights = new Weights(values, bias, steps.along(0, shape[0]));
        return slide(
                reader, image, window, shape[0], new FloatOperation.Convolution(window, groups, weights, Clamp.NONE));
    }

    static void batchNormalization(NodeReader reader) throws OnnxException {
        if (reader.integer("training_mode", 0) != 0 || reader.hasOutput(1)) {
            throw reader.unsupported("training mode");
        }
        Symbol.Computed value = reader.computed(0);
        if (value.shape().length != 2 && value.shape().length != 4) {
            throw reader.unsupported("only inputs of rank 2 and 4 are supported");
        }
        int channels = value.shape()[1];
        float[] gamma = reader.floats(1, channels);
        float[] beta = reader.floats(2, channels);
        float[] mean = reader.floats(3, channels);
        float[] variance = reader.floats(4, channels);
        double epsilon = reader.real("epsilon", 1e-5f);
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int i = 0; i < channels; i++) {
            double factor = gamma[i] / StrictMath.sqrt(variance[i] + epsilon);
            scale[i] = (float) factor;
            shift[i] = (float) (beta[i] - mean[i] * factor);
        }
        reader.finite(scale);
        reader.finite(shift);
        boolean image = value.shape().length == 4;
        int node = image ? reader.scope().channelsLast(value, reader.name()) : value.node();
        int affine = reader.add(
                new FloatOperation.ChannelAffine(scale, shift),
                List.of(node),
                reader.scope().shape(node));
        reader.result(affine, value.shape(), image);
    }

    static void pool(NodeReader reader, boolean max) throws OnnxException {
        if (reader.hasOutput(1)) {
            throw reader.unsupported("the indices output");
        }
        Symbol.Computed image = reader.image(0);
        if (reader.integers("kernel_shape").isEmpty()) {
            throw reader.malformed("no kernel_shape");
        }
        int[] kernel = reader.bounded("kernel_shape", 2, 1, 1, MAX_SIDE);
        Window window = window(reader, image, kernel[0], kernel[1]);
        if (!max && reader.integer("count_include_pad", 0) != 0 && window.padded()) {
            padExplicitly(reader, image, window);
            return;
        }
        FloatOperation operation = max ? new FloatOperation.MaxPool(window) : new FloatOperation.AveragePool(window);
        reader.result(slide(reader, image, window, image.shape()[1], operation));
    }

    /** Padding that counts in the mean is padding with zeros before it. */
    private static void padExplicitly(NodeReader reader, Symbol.Computed image, Window window) throws OnnxException {
        int[] shape = image.shape();
        int[] padded = {
            1, shape[1], shape[2] + window.top() + window.bottom(), shape[3] + window.left() + window.right()
        };
        int node = reader.scope()
                .add(
                        reader.name(),
                        new FloatOperation.Pad(
                                new int[] {0, window.top(), window.left(), 0},
                                new int[] {0, window.bottom(), window.right(), 0},
                                0),
                        List.of(reader.scope().channelsLast(image, reader.name())),
                        Layouts.permute(padded, Layouts.TO_CHANNELS_LAST));
        Window bare = window.withPads(0, 0, 0, 0);
        Symbol.Computed value = new Symbol.Computed(node, padded, true);
        reader.result(slide(reader, value, bare, shape[1], new FloatOperation.AveragePool(bare)));
    }

    static void globalPool(NodeReader reader, boolean max) throws OnnxException {
        reader.result(globalPool(reader, reader.computed(0), max));
    }

    static Symbol.Computed globalPool(NodeReader reader, Symbol.Computed value, boolean max) throws OnnxException {
        Symbol.Computed image = reader.image(value);
        FloatOperation operation = whole(reader, image, max);
        Window window = new Window(image.shape()[2], image.shape()[3], 1, 1, 1, 1, 0, 0, 0, 0);
        return slide(reader, image, window, image.shape()[1], operation);
    }

    private static FloatOperation whole(NodeReader reader, Symbol.Computed image, boolean max) throws OnnxException {
        int[] shape = image.shape();
        if (shape[2] > MAX_SIDE || shape[3] > MAX_SIDE) {
            throw reader.unsupported("an image side over " + MAX_SIDE);
        }
        Window window = new Window(shape[2], shape[3], 1, 1, 1, 1, 0, 0, 0, 0);
        return max ? new FloatOperation.MaxPool(window) : new FloatOperation.AveragePool(window);
    }

    /** The mean over height and width, which is how some exporters write global average pooling. */
    static void reduceMean(NodeReader reader) throws OnnxException {
        Optional<List<Long>> axes = reader.integers("axes", 1);
        Symbol.Computed image = reader.image(0);
        boolean spatial = axes.isPresent()
                && axes.get().size() == 2
                && axes.get().stream()
                        .map(axis -> axis < 0 ? axis + 4 : axis)
                        .sorted()
                        .toList()
                        .equals(List.of(2L, 3L));
        if (!spatial) {
            throw reader.unsupported("only the mean over height and width is supported");
        }
        if (reader.integer("keepdims", 1) != 0) {
            reader.result(globalPool(reader, image, false));
            return;
        }
        int channels = image.shape()[1];
        int last = reader.scope().channelsLast(image, reader.name());
        int pooled = reader.add(whole(reader, image, false), List.of(last), new int[] {1, 1, 1, channels});
        int[] flat = {1, channels};
        reader.result(reader.add(new FloatOperation.Reshape(), List.of(pooled), flat), flat, false);
    }

    private static Symbol.Computed slide(
            NodeReader reader, Symbol.Computed image, Window window, int channels, FloatOperation operation)
            throws OnnxException {
        int height = window.outputHeight(image.shape()[2]);
        int width = window.outputWidth(image.shape()[3]);
        if (height < 1 || width < 1) {
            throw reader.malformed("the kernel is larger than the image");
        }
        int node = reader.add(operation, List.of(reader.scope().channelsLast(image, reader.name())), new int[] {
            1, height, width, channels
        });
        return new Symbol.Computed(node, new int[] {1, channels, height, width}, true);
    }

    private static Window window(NodeReader reader, Symbol.Computed image, int kernelHeight, int kernelWidth)
            throws OnnxException {
        int[] kernel = reader.bounded("kernel_shape", 2, 1, 1, MAX_SIDE);
        if (reader.integers("kernel_shape").isPresent() && (kernel[0] != kernelHeight || kernel[1] != kernelWidth)) {
            throw reader.malformed("kernel_shape is not the shape of the weights");
        }
        int[] strides = reader.bounded("strides", 2, 1, 1, MAX_SIDE);
        int[] dilations = reader.bounded("dilations", 2, 1, 1, MAX_SIDE);
        int[] pads = reader.bounded("pads", 4, 0, 0, MAX_SIDE);
        int[] extents = {dilations[0] * (kernelHeight - 1) + 1, dilations[1] * (kernelWidth - 1) + 1};
        String automatic = reader.text("auto_pad", "NOTSET");
        boolean ceiling = reader.integer("ceil_mode", 0) != 0;
        for (int side = 0; side < 2; side++) {
            int size = image.shape()[2 + side];
            switch (automatic) {
                case "NOTSET" -> {
                    if (ceiling) {
                        roundUp(pads, side, size, extents[side], strides[side]);
                    }
                }
                case "VALID" -> {
                    pads[side] = 0;
                    pads[side + 2] = 0;
                }
                case "SAME_UPPER", "SAME_LOWER" -> {
                    int outputs = (size + strides[side] - 1) / strides[side];
                    int total = Math.max((outputs - 1) * strides[side] + extents[side] - size, 0);
                    int less = total / 2;
                    pads[side] = automatic.equals("SAME_UPPER") ? less : total - less;
                    pads[side + 2] = total - pads[side];
                }
                default -> throw reader.malformed("auto_pad '" + automatic + "'");
            }
            if (reader.operator().endsWith("Pool") && pads[side] >= extents[side]) {
                throw reader.malformed("a window lies wholly in the padding");
            }
        }
        return new Window(
                kernelHeight,
                kernelWidth,
                strides[0],
                strides[1],
                dilations[0],
                dilations[1],
                pads[0],
                pads[1],
                pads[2],
                pads[3]);
    }

    /** Adds padding at the end so that a last, partial window counts, if it begins inside the image. */
    private static void roundUp(int[] pads, int side, int size, int extent, int stride) {
        int span = size + pads[side] + pads[side + 2] - extent;
        if (span < 0) {
            return;
        }
        int last = (span + stride - 1) / stride;
        if (last * stride >= size + pads[side]) {
            last--;
        }
        pads[side + 2] = Math.max(pads[side + 2], last * stride + extent - size - pads[side]);
    }
}
