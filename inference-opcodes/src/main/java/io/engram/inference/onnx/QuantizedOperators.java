package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX operators on 8-bit integers. A float node stands for the real number that the integers mean; where the file rounds
 * to integers the node is rounded to their {@link Grid}, and weights remember the {@link Steps} that the file gave them.
 */
final class QuantizedOperators {

    private QuantizedOperators() {}

    static void quantizeLinear(NodeReader reader) throws OnnxException {
        OnnxType type = reader.has(2) ? reader.constant(2).type() : OnnxType.UINT8;
        if (type != OnnxType.INT8 && type != OnnxType.UINT8) {
            throw reader.unsupported("to " + type + "; only 8-bit integers are supported");
        }
        if (reader.input(0) instanceof Symbol.Known(OnnxTensor real)) {
            QuantizedConstants.Scaling scaling =
                    QuantizedConstants.scaling(reader, 1, 2, real.shape(), reader.integer("axis", 1));
            reader.result(new Symbol.Known(QuantizedConstants.quantise(real, scaling, type)));
            return;
        }
        round(reader, reader.computed(0), grid(reader, 1, 2));
    }

    static void dequantizeLinear(NodeReader reader) throws OnnxException {
        switch (reader.input(0)) {
            case Symbol.Known(OnnxTensor integers) -> {
                QuantizedConstants.Scaling scaling =
                        QuantizedConstants.scaling(reader, 1, 2, integers.shape(), reader.integer("axis", 1));
                float[] values = QuantizedConstants.dequantise(integers, scaling);
                reader.scope().steps(reader.name(), new Steps(scaling.scales(), scaling.axis()));
                reader.result(new Symbol.Known(OnnxTensor.ofFloats("", integers.shape(), values)));
            }
            case Symbol.Quantised value -> {
                Symbol.Computed real = meaning(reader, value, reader.floats(1, 1)[0], zeroPoint(reader, 2));
                reader.result(real);
            }
            case Symbol.Computed _ -> throw reader.unsupported("the input is not quantised");
        }
    }

    static void convolution(NodeReader reader) throws OnnxException {
        Symbol.Computed image = operand(reader, 0, 1, 2);
        OnnxTensor kernel = reader.constant(3);
        if (kernel.shape().length != 4) {
            throw reader.unsupported("only two-dimensional convolution is supported");
        }
        QuantizedConstants.Scaling scaling = QuantizedConstants.scaling(reader, 4, 5, kernel.shape(), 0);
        float[] bias = bias(reader, 8, kernel.shape()[0], reader.floats(1, 1)[0], scaling);
        Symbol.Computed result = SpatialOperators.convolution(
                reader,
                image,
                kernel.shape(),
                QuantizedConstants.dequantise(kernel, scaling),
                bias,
                new Steps(scaling.scales(), scaling.axis()));
        round(reader, result, grid(reader, 6, 7));
    }

    static void matMul(NodeReader reader) throws OnnxException {
        Symbol.Computed value = operand(reader, 0, 1, 2);
        OnnxTensor matrix = reader.constant(3);
        QuantizedConstants.Scaling scaling =
                QuantizedConstants.scaling(reader, 4, 5, matrix.shape(), matrix.shape().length - 1L);
        Symbol.Computed result = ArithmeticOperators.product(
                reader,
                value,
                matrix.shape(),
                QuantizedConstants.dequantise(matrix, scaling),
                new Steps(scaling.scales(), scaling.axis()));
        round(reader, result, grid(reader, 6, 7));
    }

    /** Sums of products of integers, without a scale. The float node holds the very integers. */
    static void convInteger(NodeReader reader) throws OnnxException {
        OnnxTensor kernel = reader.constant(1);
        if (kernel.shape().length != 4) {
            throw reader.unsupported("only two-dimensional convolution is supported");
        }
        Integers integers = integers(reader, kernel, 0);
        reader.result(SpatialOperators.convolution(
                reader,
                integers.value,
                kernel.shape(),
                integers.weights,
                new float[kernel.shape()[0]],
                integers.steps));
    }

    static void matMulInteger(NodeReader reader) throws OnnxException {
        OnnxTensor matrix = reader.constant(1);
        Integers integers = integers(reader, matrix, matrix.shape().length - 1);
        reader.result(
                ArithmeticOperators.product(reader, integers.value, matrix.shape(), integers.weights, integers.steps));
    }

    /** A value, and weights divided by its scale, so that their product is the product of the integers. */
    private record Integers(Symbol.Computed value, float[] weights, Steps steps) {}

    private static Integers integers(NodeReader reader, OnnxTensor weights, int axis) throws OnnxException {
        if (!(reader.input(0) instanceof Symbol.Quantised quantised)) {
            throw reader.unsupported("the first input is not quantised");
        }
        float scale = quantised.grid().scale();
        Symbol.Computed value = meaning(reader, quantised, scale, zeroPoint(reader, 2));
        long[] zeroPoints = reader.has(3) ? reader.constant(3).longs() : new long[] {0};
        float[] scales = new float[zeroPoints.length];
        Arrays.fill(scales, 1 / scale);
        if (axis < 0 || (scales.length != 1 && scales.length != weights.shape()[axis])) {
            throw reader.malformed("zero points do not fit " + Arrays.toString(weights.shape()));
        }
        QuantizedConstants.requirePositive(reader, scales);
        QuantizedConstants.Scaling scaling = new QuantizedConstants.Scaling(scales, zeroPoints, axis);
        return new Integers(value, QuantizedConstants.dequantise(weights, scaling), new Steps(scales, axis));
    }

    static void binary(NodeReader reader, boolean product) throws OnnxException {
        Symbol.Computed first = operand(reader, 0, 1, 2);
        Symbol.Computed second = operand(reader, 3, 4, 5);
        round(reader, ArithmeticOperators.combine(reader, first, second, product), grid(reader, 6, 7));
    }

    static void globalAveragePool(NodeReader reader) throws OnnxException {
        if (reader.integer("channels_last", 0) != 0) {
            throw reader.unsupported("channels_last");
        }
        round(reader, SpatialOperators.globalPool(reader, operand(reader, 0, 1, 2), false), grid(reader, 3, 4));
    }

    static void pointwise(NodeReader reader, ScalarFunction function) throws OnnxException {
        Symbol.Computed value = operand(reader, 0, 1, 2);
        round(reader, ArithmeticOperators.pointwise(reader, value, function), grid(reader, 3, 4));
    }

    /** The scale and zero point of the result come first, then three inputs for each part. */
    static void concat(NodeReader reader) throws OnnxException {
        List<Symbol> parts = new ArrayList<>();
        for (int i = 2; i + 2 < reader.inputCount(); i += 3) {
            parts.add(operand(reader, i, i + 1, i + 2));
        }
        round(reader, ShapeOperators.concat(reader, parts), grid(reader, 0, 1));
    }

    private static float[] bias(
            NodeReader reader, int input, int outputs, float scale, QuantizedConstants.Scaling weights)
            throws OnnxException {
        float[] bias = new float[outputs];
        if (!reader.has(input)) {
            return bias;
        }
        long[] levels = reader.constant(input).longs();
        if (levels.length != outputs) {
            throw reader.malformed("the bias has " + levels.length + " elements, not " + outputs);
        }
        for (int i = 0; i < outputs; i++) {
            float step = weights.scales()[weights.scales().length == 1 ? 0 : i];
            bias[i] = (float) ((double) levels[i] * scale * step);
        }
        return bias;
    }

    private static void round(NodeReader reader, Symbol.Computed value, Grid grid) throws OnnxException {
        int node = reader.add(
                new FloatOperation.Round(grid),
                List.of(value.node()),
                reader.scope().shape(value.node()));
        reader.result(new Symbol.Quantised(new Symbol.Computed(node, value.shape(), value.channelsLast()), grid));
    }

    private static Grid grid(NodeReader reader, int scaleInput, int zeroInput) throws OnnxException {
        float[] scale = reader.floats(scaleInput, 1);
        QuantizedConstants.requirePositive(reader, scale);
        OnnxType type = reader.has(zeroInput) ? reader.constant(zeroInput).type() : OnnxType.UINT8;
        int zeroPoint = zeroPoint(reader, zeroInput);
        boolean holds = type == OnnxType.UINT8
                ? zeroPoint >= 0 && zeroPoint <= 0xff
                : type == OnnxType.INT8 && zeroPoint == (byte) zeroPoint;
        if (!holds) {
            throw reader.unsupported("zero point " + zeroPoint + " of type " + type);
        }
        return new Grid(scale[0], zeroPoint, type);
    }

    private static int zeroPoint(NodeReader reader, int input) throws OnnxException {
        if (!reader.has(input)) {
            return 0;
        }
        long[] values = reader.constant(input).longs();
        if (values.length != 1 || values[0] < Byte.MIN_VALUE || values[0] > 0xff) {
            throw reader.unsupported("a zero point that is not one 8-bit integer");
        }
        return (int) values[0];
    }

    private static Symbol.Computed operand(NodeReader reader, int input, int scale, int zeroPoint)
            throws OnnxException {
        if (!(reader.input(input) instanceof Symbol.Quantised value)) {
            throw reader.unsupported("input " + input + " is not a quantised value");
        }
        return meaning(reader, value, reader.floats(scale, 1)[0], zeroPoint(reader, zeroPoint));
    }

    /** The real numbers that the integers mean to a reader with this scale and zero point. */
    private static Symbol.Computed meaning(NodeReader reader, Symbol.Quantised value, float scale, int zeroPoint)
            throws OnnxException {
        QuantizedConstants.requirePositive(reader, new float[] {scale});
        Grid grid = value.grid();
        if (grid.scale() == scale && grid.zeroPoint() == zeroPoint) {
            return value.real();
        }
        float factor = scale / grid.scale();
        float shift = scale * (grid.zeroPoint() - zeroPoint);
        return ArithmeticOperators.pointwise(reader, value.real(), new ScalarFunction.Affine(factor, shift));
    }
}
