package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.Shapes;
import io.engram.inference.onnx.Window;
import io.engram.inference.tensor.TensorType;
import java.util.Arrays;

/** Finds the nodes whose results may be int16. */
final class WideNodes {

    /** From here on a layer's work is not priced as depthwise. */
    private static final int MANY_OUTPUTS = 16;

    private WideNodes() {}

    /** Layers that nothing reads but outputs, moves and argmax. */
    static void outputs(FloatGraph graph, boolean[] wide) {
        boolean[] only = new boolean[wide.length];
        Arrays.fill(only, true);
        for (int i = only.length - 1; i >= 0; i--) {
            FloatNode node = graph.nodes().get(i);
            boolean passes = switch (node.operation()) {
                case FloatOperation.Reshape _, FloatOperation.Transpose _ -> only[i];
                case FloatOperation.ArgMax _ -> true;
                default -> false;
            };
            for (int operand : node.inputs()) {
                only[operand] &= passes;
            }
        }
        for (int i = 0; i < wide.length; i++) {
            wide[i] |= only[i] && canBeWide(graph.nodes().get(i));
        }
    }

    /**
     * Sums that later sums read, so that what a residual network carries along is rounded finely each time; and layers
     * that only sums read. A reader that takes int8 only gets a copy.
     */
    static void sums(FloatGraph graph, boolean[] wide) {
        int size = graph.nodes().size();
        boolean[] reachesSum = new boolean[size];
        boolean[] reachesOther = new boolean[size];
        graph.outputs().forEach(output -> reachesOther[output] = true);
        for (int i = size - 1; i >= 0; i--) {
            FloatNode node = graph.nodes().get(i);
            boolean isSum = node.operation() instanceof FloatOperation.Sum;
            boolean moves = moves(node);
            for (int operand : node.inputs()) {
                reachesSum[operand] |= isSum || (moves && reachesSum[i]);
                reachesOther[operand] |= (!isSum && !moves) || (moves && reachesOther[i]);
            }
        }
        for (int i = 0; i < size; i++) {
            FloatNode node = graph.nodes().get(i);
            boolean isSum = node.operation() instanceof FloatOperation.Sum;
            wide[i] |= canBeWide(node) && reachesSum[i] && (isSum || !reachesOther[i]);
        }
    }

    /** Whatever can be, but for outputs where those are int8. */
    static void all(FloatGraph graph, TensorType outputType, boolean[] wide) {
        boolean[] isOutput = new boolean[wide.length];
        graph.outputs().forEach(output -> isOutput[output] = outputType == TensorType.INT8);
        for (int i = wide.length - 1; i >= 0; i--) {
            FloatNode node = graph.nodes().get(i);
            if (isOutput[i] && moves(node)) {
                node.inputs().forEach(operand -> isOutput[operand] = true);
            }
        }
        for (int i = 0; i < wide.length; i++) {
            FloatNode node = graph.nodes().get(i);
            boolean can = node.grid().isEmpty()
                    && (endsWide(node)
                            || switch (node.operation()) {
                                case FloatOperation.Pointwise _,
                                        FloatOperation.AveragePool _,
                                        FloatOperation.Concat _ -> true;
                                default -> false;
                            });
            wide[i] |= can && !isOutput[i];
        }
    }

    /**
     * Whether a layer with weights reads int16: where it looks at one position at a time. Convolutions with few outputs are
     * left out, since their work is priced like that of depthwise ones and int16 doubles it.
     */
    static boolean readsWide(FloatNode layer) {
        return switch (layer.operation()) {
            case FloatOperation.Dense _ -> true;
            case FloatOperation.Convolution convolution ->
                convolution.groups() == 1
                        && convolution.window().equals(Window.POINT)
                        && (layer.channels() >= MANY_OUTPUTS || Shapes.size(layer.shape()) == layer.channels());
            default -> false;
        };
    }

    private static boolean moves(FloatNode node) {
        return switch (node.operation()) {
            case FloatOperation.Reshape _, FloatOperation.Transpose _, FloatOperation.Pad _ -> true;
            default -> false;
        };
    }

    private static boolean canBeWide(FloatNode node) {
        return node.grid().isEmpty() && endsWide(node);
    }

    private static boolean endsWide(FloatNode node) {
        return switch (node.operation()) {
            case FloatOperation.Convolution _, FloatOperation.Dense _, FloatOperation.Sum _, FloatOperation.Product _ ->
                true;
            default -> false;
        };
    }
}
