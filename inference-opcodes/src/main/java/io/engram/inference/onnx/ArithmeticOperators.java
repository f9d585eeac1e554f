package io.engram.inference.onnx;

import java.util.Arrays;
import java.util.List;

/** ONNX operators on elements, vectors and matrices. */
final class ArithmeticOperators {

    /** Longest last axis that a scale and a shift are kept for. */
    private static final int MAX_CHANNELS = 1 << 20;

    private ArithmeticOperators() {}

    static void gemm(NodeReader reader) throws OnnxException {
        Symbol.Computed value = reader.computed(0);
        if (reader.integer("transA", 0) != 0 || value.shape().length != 2) {
            throw reader.unsupported("the first input must be a matrix, not transposed");
        }
        OnnxTensor matrix = reader.constant(1);
        if (matrix.shape().length != 2 || matrix.count() == 0) {
            throw reader.malformed("the second input is no matrix");
        }
        boolean transposed = reader.integer("transB", 0) != 0;
        int inputs = matrix.shape()[transposed ? 1 : 0];
        int outputs = matrix.shape()[transposed ? 0 : 1];
        float[] steps = reader.steps(1, transposed ? 0 : 1, outputs);
        float[] weights = reader.finite(matrix.floats());
        if (transposed) {
            float[] moved = new float[weights.length];
            Layouts.transpose(weights, matrix.shape(), new int[] {1, 0}, moved);
            weights = moved;
        }
        scale(weights, reader.real("alpha", 1));
        scale(steps, Math.abs(reader.real("alpha", 1)));
        float[] bias = new float[outputs];
        if (reader.has(2)) {
            OnnxTensor addend = reader.constant(2);
            if (addend.count() != 1 && addend.count() != outputs) {
                throw reader.unsupported("the third input must be one row");
            }
            float[] row = reader.finite(addend.floats());
            for (int i = 0; i < outputs; i++) {
                bias[i] = row[row.length == 1 ? 0 : i];
            }
            scale(bias, reader.real("beta", 1));
        }
        reader.finite(weights);
        reader.finite(bias);
        reader.result(dense(reader, value, inputs, new Weights(weights, bias, steps)));
    }

    static void matMul(NodeReader reader) throws OnnxException {
        Symbol.Computed value = reader.computed(0);
        OnnxTensor matrix = reader.constant(1);
        int[] shape = matrix.shape();
        Steps steps = new Steps(reader.steps(1, 1, shape.length == 2 ? shape[1] : 0), 1);
        reader.result(product(reader, value, shape, matrix.floats(), steps));
    }

    /**
     * The product with a constant matrix.
     *
     * @param shape rows, columns
     * @param steps for each column, or one, or none
     */
    static Symbol.Computed product(NodeReader reader, Symbol.Computed value, int[] shape, float[] matrix, Steps steps)
            throws OnnxException {
        if (shape.length != 2 || matrix.length == 0) {
            throw reader.unsupported("the second input must be a matrix");
        }
        float[] bias = new float[shape[1]];
        return dense(reader, value, shape[0], new Weights(reader.finite(matrix), bias, steps.along(1, shape[1])));
    }

    private static Symbol.Computed dense(NodeReader reader, Symbol.Computed value, int inputs, Weights weights)
            throws OnnxException {
        int outputs = weights.outputs();
        int[] shape = value.shape().clone();
        if (shape.length < 2 || shape[shape.length - 1] != inputs || outputs == 0) {
            throw reader.malformed("weights with " + inputs + " rows do not fit " + Arrays.toString(shape));
        }
        shape[shape.length - 1] = outputs;
        int node = reader.add(
                new FloatOperation.Dense(weights, Clamp.NONE),
                List.of(reader.scope().plain(value, reader.name())),
                shape);
        return new Symbol.Computed(node, shape, false);
    }

    private static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    static void pointwise(NodeReader reader, ScalarFunction function) throws OnnxException {
        reader.result(pointwise(reader, reader.computed(0), function));
    }

    static Symbol.Computed pointwise(NodeReader reader, Symbol.Computed value, ScalarFunction function)
            throws OnnxException {
        int node = reader.add(
                new FloatOperation.Pointwise(function),
                List.of(value.node()),
                reader.scope().shape(value.node()));
        return new Symbol.Computed(node, value.shape(), value.channelsLast());
    }

    static void clip(NodeReader reader) throws OnnxException {
        float low = reader.real("min", Float.NEGATIVE_INFINITY);
        float high = reader.real("max", Float.POSITIVE_INFINITY);
        if (reader.opset() >= 11) {
            low = reader.has(1) ? reader.floats(1, 1)[0] : Float.NEGATIVE_INFINITY;
            high = reader.has(2) ? reader.floats(2, 1)[0] : Float.POSITIVE_INFINITY;
        }
        // ONNX: where the bounds cross, everything becomes the upper one.
        pointwise(reader, new ScalarFunction.Clip(Math.min(low, high), high));
    }

    static void binary(NodeReader reader) throws OnnxException {
        Symbol left = reader.input(0);
        Symbol right = reader.input(1);
        if (left instanceof Symbol.Computed value && right instanceof Symbol.Known(OnnxTensor constant)) {
            withConstant(reader, value, constant, false);
        } else if (left instanceof Symbol.Known(OnnxTensor constant) && right instanceof Symbol.Computed value) {
            withConstant(reader, value, constant, true);
        } else if (left instanceof Symbol.Computed a && right instanceof Symbol.Computed b) {
            boolean product = switch (reader.operator()) {
                case "Add" -> false;
                case "Mul" -> true;
                default -> throw reader.unsupported("only with a constant");
            };
            reader.result(combine(reader, a, b, product));
        } else if (left instanceof Symbol.Quantised || right instanceof Symbol.Quantised) {
            throw reader.unsupported("an input is 8-bit integers");
        } else {
            throw reader.unsupported("both inputs are constants");
        }
    }

    static Symbol.Computed combine(NodeReader reader, Symbol.Computed a, Symbol.Computed b, boolean product)
            throws OnnxException {
        if (a.shape().length != b.shape().length) {
            throw reader.unsupported("inputs of different rank");
        }
        boolean channelsLast = a.channelsLast() || b.channelsLast();
        ImportScope scope = reader.scope();
        int first = channelsLast ? scope.channelsLast(a, reader.name()) : a.node();
        int second = channelsLast ? scope.channelsLast(b, reader.name()) : b.node();
        int[] shape = broadcast(reader, a.shape(), b.shape());
        return combine(reader, product, List.of(first, second), shape, channelsLast);
    }

    private static Symbol.Computed combine(
            NodeReader reader, boolean product, List<Integer> operands, int[] shape, boolean channelsLast)
            throws OnnxException {
        int[] own = channelsLast ? Layouts.permute(shape, Layouts.TO_CHANNELS_LAST) : shape;
        FloatOperation operation =
                product ? new FloatOperation.Product(Clamp.NONE) : new FloatOperation.Sum(Clamp.NONE);
        return new Symbol.Computed(reader.add(operation, operands, own), shape, channelsLast);
    }

    /** {@code x ∘ c} or, where {@code constantFirst}, {@code c ∘ x}. */
    private static void withConstant(
            NodeReader reader, Symbol.Computed value, OnnxTensor constant, boolean constantFirst) throws OnnxException {
        float[] values = reader.finite(constant.floats());
        boolean product;
        boolean negated = false;
        switch (reader.operator()) {
            case "Add" -> product = false;
            case "Mul" -> product = true;
            case "Sub" -> {
                product = false;
                negated = constantFirst;
                if (!constantFirst) {
                    scale(values, -1);
                }
            }
            default -> {
                product = true;
                if (constantFirst) {
                    throw reader.unsupported("division by a computed value");
                }
                for (int i = 0; i < values.length; i++) {
                    values[i] = 1 / values[i];
                }
                reader.finite(values);
            }
        }
        int rank = value.shape().length;
        int[] shape = align(reader, constant.shape(), rank);
        int[] result = broadcast(reader, value.shape(), shape);
        int axis = value.channelsLast() ? 1 : rank - 1;
        int channels = value.shape()[axis];
        if (Arrays.equals(result, value.shape()) && (values.length == 1 || values.length == shape[axis])) {
            if (channels > MAX_CHANNELS) {
                throw reader.unsupported("more than " + MAX_CHANNELS + " channels");
            }
            float[] scale = new float[channels];
            float[] shift = new float[channels];
            for (int i = 0; i < channels; i++) {
                float own = values[values.length == 1 ? 0 : i];
                scale[i] = product ? own : negated ? -1 : 1;
                shift[i] = product ? 0 : own;
            }
            int node = reader.add(
                    new FloatOperation.ChannelAffine(scale, shift),
                    List.of(value.node()),
                    reader.scope().shape(value.node()));
            reader.result(node, value.shape(), value.channelsLast());
            return;
        }
        if (negated) {
            throw reader.unsupported("subtraction from a tensor");
        }
        int node = reader.scope().constant(reader.name(), values, shape, value.channelsLast());
        reader.result(combine(reader, product, List.of(value.node(), node), result, value.channelsLast()));
    }

    /** The shape with ones in front, up to {@code rank}. */
    private static int[] align(NodeReader reader, int[] shape, int rank) throws OnnxException {
        int surplus = Math.max(shape.length - rank, 0);
        for (int i = 0; i < surplus; i++) {
            if (shape[i] != 1) {
                throw reader.unsupported("a constant of higher rank than the value");
            }
        }
        int[] aligned = new int[rank];
        Arrays.fill(aligned, 1);
        for (int i = surplus; i < shape.length; i++) {
            aligned[rank - shape.length + i] = shape[i];
        }
        return aligned;
    }

    private static int[] broadcast(NodeReader reader, int[] a, int[] b) throws OnnxException {
        int[] shape = new int[a.length];
        for (int i = 0; i < shape.length; i++) {
            if (a[i] != b[i] && a[i] != 1 && b[i] != 1) {
                throw reader.malformed(Arrays.toString(a) + " and " + Arrays.toString(b) + " do not go together");
            }
            shape[i] = a[i] == 1 ? b[i] : a[i];
        }
        return shape;
    }

    static void softmax(NodeReader reader) throws OnnxException {
        Symbol.Computed value = reader.computed(0);
        int[] shape = value.shape();
        boolean flattening = reader.opset() < 13;
        int axis = reader.axis(reader.integer("axis", flattening ? 1 : -1), shape.length);
        if (flattening) {
            for (int i = axis + 1; i < shape.length; i++) {
                if (shape[i] != 1) {
                    throw reader.unsupported("before operator set 13 only along the last axis");
                }
            }
        }
        Last last = last(reader, value, axis);
        int node = reader.add(
                new FloatOperation.Softmax(), List.of(last.node), reader.scope().shape(last.node));
        if (last.moved) {
            int[] back = ShapeOperators.inverse(ShapeOperators.toLast(shape.length, axis));
            node = reader.add(new FloatOperation.Transpose(back), List.of(node), shape);
        }
        reader.result(node, shape, last.channelsLast);
    }

    static void argMax(NodeReader reader) throws OnnxException {
        Symbol.Computed value = reader.computed(0);
        if (reader.integer("select_last_index", 0) != 0) {
            throw reader.unsupported("select_last_index");
        }
        int rank = value.shape().length;
        int axis = reader.axis(reader.integer("axis", 0), rank);
        Last last = last(reader, value, axis);
        int[] reduced = reader.scope().shape(last.node).clone();
        reduced[rank - 1] = 1;
        int best = reader.add(new FloatOperation.ArgMax(), List.of(last.node), reduced);
        int[] shape = new int[rank - (reader.integer("keepdims", 1) == 0 ? 1 : 0)];
        for (int i = 0, at = 0; i < rank; i++) {
            if (i != axis) {
                shape[at++] = value.shape()[i];
            } else if (shape.length == rank) {
                shape[at++] = 1;
            }
        }
        reader.result(reader.add(new FloatOperation.Reshape(), List.of(best), shape), shape, false);
    }

    private record Last(int node, boolean channelsLast, boolean moved) {}

    /** The value with {@code axis} as its last in memory. */
    private static Last last(NodeReader reader, Symbol.Computed value, int axis) throws OnnxException {
        int rank = value.shape().length;
        if (axis == (value.channelsLast() ? 1 : rank - 1)) {
            return new Last(value.node(), value.channelsLast(), false);
        }
        int plain = reader.scope().plain(value, reader.name());
        if (axis == rank - 1) {
            return new Last(plain, false, false);
        }
        int[] order = ShapeOperators.toLast(rank, axis);
        int moved =
                reader.add(new FloatOperation.Transpose(order), List.of(plain), Layouts.permute(value.shape(), order));
        return new Last(moved, false, true);
    }
}
