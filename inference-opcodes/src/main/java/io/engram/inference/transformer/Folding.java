package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.OnnxTensor;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.Shapes;
import io.engram.inference.onnx.UnsupportedOperatorException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values of nodes whose operands are constants: what exporters compute shapes and positions with. */
final class Folding {

    private Folding() {}

    static OnnxTensor fold(OnnxNode node, List<Expression> in, int[] shape, long opset) throws OnnxException {
        String name = node.label();
        if (node.operator().equals("Shape")) {
            return OnnxTensor.ofLongs(
                    name, shape, Arrays.stream(in.get(0).shape()).asLongStream().toArray());
        }
        List<OnnxTensor> tensors =
                in.stream().map(value -> value.constant().orElseThrow()).toList();
        OnnxTensor first = tensors.get(0);
        return switch (node.operator()) {
            case "Unsqueeze", "Squeeze", "Reshape", "Identity" ->
                new OnnxTensor(name, first.type(), shape, first.raw());
            case "Gather" -> gather(name, node, first, tensors.get(1), shape);
            case "Concat" -> concat(name, node, tensors, shape);
            case "Slice" -> slice(name, Slices.of(in), first, shape);
            case "Cast" -> cast(name, node, first);
            case "DequantizeLinear" -> Quantised.dequantise(name, tensors);
            case "Add", "Sub", "Mul", "Div" -> arithmetic(name, node.operator(), first, tensors.get(1), shape);
            default -> throw new UnsupportedOperatorException(name, node.operator(), "is not supported on constants");
        };
    }

    private static OnnxTensor gather(String name, OnnxNode node, OnnxTensor data, OnnxTensor indices, int[] shape) {
        int axis = ShapeRules.axis(Attributes.integer(node, "axis", 0), data.shape().length);
        int size = data.shape()[axis];
        int inner = Shapes.strides(data.shape())[axis] * data.type().width();
        int outer = data.raw().length / Math.max(1, inner * size);
        byte[] raw = new byte[Shapes.size(shape) * data.type().width()];
        int at = 0;
        for (int block = 0; block < outer; block++) {
            for (long index : indices.longs()) {
                int pick = ShapeRules.axis(index, size);
                System.arraycopy(data.raw(), (block * size + pick) * inner, raw, at, inner);
                at += inner;
            }
        }
        return new OnnxTensor(name, data.type(), shape, raw);
    }

    private static OnnxTensor concat(String name, OnnxNode node, List<OnnxTensor> tensors, int[] shape) {
        if (shape.length != 1 || Attributes.integer(node, "axis", 0) > 0) {
            throw new IllegalArgumentException("only vectors of constants are joined");
        }
        byte[] raw = new byte[0];
        for (OnnxTensor tensor : tensors) {
            int from = raw.length;
            raw = Arrays.copyOf(raw, from + tensor.raw().length);
            System.arraycopy(tensor.raw(), 0, raw, from, tensor.raw().length);
        }
        return new OnnxTensor(name, tensors.getFirst().type(), shape, raw);
    }

    private static OnnxTensor slice(String name, Slices slices, OnnxTensor data, int[] shape) {
        int width = data.type().width();
        int[] strides = Shapes.strides(data.shape());
        byte[] raw = new byte[Shapes.size(shape) * width];
        for (int i = 0; i < raw.length / width; i++) {
            int[] source = slices.source(coordinates(i, shape), data.shape());
            int from = 0;
            for (int axis = 0; axis < source.length; axis++) {
                from += source[axis] * strides[axis];
            }
            System.arraycopy(data.raw(), from * width, raw, i * width, width);
        }
        return new OnnxTensor(name, data.type(), shape, raw);
    }

    static int[] coordinates(int index, int[] shape) {
        int[] at = new int[shape.length];
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            at[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return at;
    }

    private static OnnxTensor cast(String name, OnnxNode node, OnnxTensor tensor) {
        long target = Attributes.integer(node, "to", 0);
        return target == OnnxType.INT64.code() || target == OnnxType.INT32.code()
                ? OnnxTensor.ofLongs(name, tensor.shape(), tensor.longs())
                : OnnxTensor.ofFloats(name, tensor.shape(), tensor.floats());
    }

    private static OnnxTensor arithmetic(String name, String operator, OnnxTensor a, OnnxTensor b, int[] shape)
            throws OnnxException {
        if (a.type() == OnnxType.FLOAT) {
            float[] x = a.floats();
            float[] y = b.floats();
            float[] z = new float[Shapes.size(shape)];
            for (int i = 0; i < z.length; i++) {
                float left = x[broadcast(i, shape, a.shape())];
                float right = y[broadcast(i, shape, b.shape())];
                z[i] = switch (operator) {
                    case "Add" -> left + right;
                    case "Sub" -> left - right;
                    case "Mul" -> left * right;
                    default -> left / right;
                };
            }
            return OnnxTensor.ofFloats(name, shape, z);
        }
        Map<String, java.util.function.LongBinaryOperator> operations =
                Map.of("Add", Long::sum, "Sub", (x, y) -> x - y, "Mul", (x, y) -> x * y, "Div", (x, y) -> x / y);
        long[] x = a.longs();
        long[] y = b.longs();
        long[] z = new long[Shapes.size(shape)];
        for (int i = 0; i < z.length; i++) {
            z[i] = operations
                    .get(operator)
                    .applyAsLong(x[broadcast(i, shape, a.shape())], y[broadcast(i, shape, b.shape())]);
        }
        return OnnxTensor.ofLongs(name, shape, z);
    }

    /** The element of an operand of shape {@code from} that element {@code index} of {@code shape} reads. */
    static int broadcast(int index, int[] shape, int[] from) {
        int[] at = coordinates(index, shape);
        int element = 0;
        for (int axis = 0; axis < from.length; axis++) {
            int position = at[axis + shape.length - from.length];
            element = element * from[axis] + (from[axis] == 1 ? 0 : position);
        }
        return element;
    }
}
