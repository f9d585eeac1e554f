package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxNode;
import io.engram.inference.onnx.Shapes;
import io.engram.inference.onnx.UnsupportedOperatorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The shapes of a node's results. What does not fit is an {@link IllegalArgumentException}. */
final class ShapeRules {

    private static final int[] SCALAR = {};

    private ShapeRules() {}

    static int[][] of(OnnxNode node, List<Expression> in, long opset) throws OnnxException {
        return switch (node.operator()) {
            case "Add", "Sub", "Mul", "Div", "Pow" ->
                one(broadcast(in.get(0).shape(), in.get(1).shape()));
            case "Cast",
                    "Identity",
                    "Dropout",
                    "Sqrt",
                    "Erf",
                    "Tanh",
                    "Sigmoid",
                    "Relu",
                    "Exp",
                    "Neg",
                    "Gelu",
                    "Softmax",
                    "LayerNormalization",
                    "DequantizeLinear" -> one(in.get(0).shape());
            case "DynamicQuantizeLinear" -> new int[][] {in.get(0).shape(), SCALAR, SCALAR};
            case "Shape" -> one(in.get(0).rank());
            case "Gather" -> one(gather(node, in));
            case "Unsqueeze" -> one(unsqueeze(in.get(0).shape(), axes(node, in, opset)));
            case "Squeeze" -> one(squeeze(in.get(0).shape(), axes(node, in, opset)));
            case "Concat" -> one(concat(node, in));
            case "Slice" -> one(Slices.of(in).shape(in.get(0).shape()));
            case "Reshape" ->
                one(reshape(
                        in.get(0).shape(),
                        in.get(1)
                                .constant()
                                .orElseThrow(() -> new IllegalArgumentException("the new shape is computed"))
                                .longs()));
            case "Transpose" ->
                one(permute(in.get(0).shape(), permutation(node, in.get(0).rank())));
            case "ReduceMean" -> one(reduce(node, in, opset));
            case "MatMul", "MatMulInteger" ->
                one(matMul(in.get(0).shape(), in.get(1).shape()));
            default ->
                throw new UnsupportedOperatorException(
                        node.label(), node.operator(), "this operator is not supported on sequences");
        };
    }

    private static int[][] one(int... shape) {
        return new int[][] {shape};
    }

    static int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("no axis " + axis);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Right-aligned, a dimension of 1 repeated. */
    static int[] broadcast(int[] a, int[] b) {
        int[] shape = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= shape.length; i++) {
            int m = i <= a.length ? a[a.length - i] : 1;
            int n = i <= b.length ? b[b.length - i] : 1;
            if (m != n && m != 1 && n != 1) {
                throw new IllegalArgumentException(
                        Arrays.toString(a) + " and " + Arrays.toString(b) + " do not go together");
            }
            shape[shape.length - i] = m == 1 ? n : m;
        }
        return shape;
    }

    private static int[] gather(OnnxNode node, List<Expression> in) {
        int[] data = in.get(0).shape();
        int[] indices = in.get(1).shape();
        int axis = axis(Attributes.integer(node, "axis", 0), data.length);
        int[] shape = new int[data.length - 1 + indices.length];
        System.arraycopy(data, 0, shape, 0, axis);
        System.arraycopy(indices, 0, shape, axis, indices.length);
        System.arraycopy(data, axis + 1, shape, axis + indices.length, data.length - axis - 1);
        return shape;
    }

    /** An attribute before operator set 13, an input from then on. */
    static long[] axes(OnnxNode node, List<Expression> in, long opset) {
        if (opset < 13) {
            return Attributes.integers(node, "axes").orElseThrow(() -> new IllegalArgumentException("no axes"));
        }
        return in.get(1)
                .constant()
                .orElseThrow(() -> new IllegalArgumentException("the axes are computed"))
                .longs();
    }

    private static int[] unsqueeze(int[] from, long[] axes) {
        int[] shape = new int[from.length + axes.length];
        for (long axis : axes) {
            shape[axis(axis, shape.length)] = 1;
        }
        int next = 0;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                shape[i] = from[next++];
            }
        }
        return shape;
    }

    private static int[] squeeze(int[] from, long[] axes) {
        List<Integer> kept = new ArrayList<>();
        List<Integer> dropped =
                Arrays.stream(axes).mapToObj(axis -> axis(axis, from.length)).toList();
        for (int i = 0; i < from.length; i++) {
            if (!dropped.contains(i)) {
                kept.add(from[i]);
            } else if (from[i] != 1) {
                throw new IllegalArgumentException("axis " + i + " is " + from[i]);
            }
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] concat(OnnxNode node, List<Expression> in) {
        int[] shape = in.get(0).shape().clone();
        int axis = axis(Attributes.integer(node, "axis", 0), shape.length);
        for (Expression other : in.subList(1, in.size())) {
            shape[axis] += other.shape()[axis];
        }
        return shape;
    }

    private static int[] reshape(int[] from, long[] wanted) {
        int[] shape = new int[wanted.length];
        int open = -1;
        int known = 1;
        for (int i = 0; i < shape.length; i++) {
            if (wanted[i] == -1) {
                open = i;
            } else {
                shape[i] = wanted[i] == 0 ? from[i] : Math.toIntExact(wanted[i]);
                known = Math.multiplyExact(known, shape[i]);
            }
        }
        if (open >= 0) {
            shape[open] = Shapes.size(from) / known;
        }
        if (Shapes.size(shape) != Shapes.size(from)) {
            throw new IllegalArgumentException(Arrays.toString(from) + " is no " + Arrays.toString(wanted));
        }
        return shape;
    }

    static int[] permutation(OnnxNode node, int rank) {
        long[] order = Attributes.integers(node, "perm").orElseGet(() -> {
            long[] reversed = new long[rank];
            for (int i = 0; i < rank; i++) {
                reversed[i] = rank - 1 - i;
            }
            return reversed;
        });
        return Arrays.stream(order).mapToInt(axis -> axis(axis, rank)).toArray();
    }

    private static int[] permute(int[] from, int[] permutation) {
        return Arrays.stream(permutation).map(axis -> from[axis]).toArray();
    }

    private static int[] reduce(OnnxNode node, List<Expression> in, long opset) {
        long[] axes = opset < 18
                ? Attributes.integers(node, "axes").orElseThrow(() -> new IllegalArgumentException("no axes"))
                : in.get(1)
                        .constant()
                        .orElseThrow(() -> new IllegalArgumentException("the axes are computed"))
                        .longs();
        int[] shape = in.get(0).shape().clone();
        for (long axis : axes) {
            shape[axis(axis, shape.length)] = 1;
        }
        return Attributes.integer(node, "keepdims", 1) != 0 ? shape : squeeze(shape, axes);
    }

    private static int[] matMul(int[] a, int[] b) {
        if (a.length < 2 || b.length < 2 || a[a.length - 1] != b[b.length - 2]) {
            throw new IllegalArgumentException(Arrays.toString(a) + " times " + Arrays.toString(b));
        }
        int[] outer = broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
        int[] shape = Arrays.copyOf(outer, outer.length + 2);
        shape[shape.length - 2] = a[a.length - 2];
        shape[shape.length - 1] = b[b.length - 1];
        return shape;
    }
}
