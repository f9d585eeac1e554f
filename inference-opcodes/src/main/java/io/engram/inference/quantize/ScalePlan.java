package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** The type and scale of every node's result. */
record ScalePlan(List<TensorType> types, List<TensorScale> scales) {

    /** Room above what calibration saw, for outputs in int16. */
    private static final double HEADROOM = 2;

    /** @param input the scale of inputs whose range is known without measuring; empty for the measured one */
    static ScalePlan of(
            FloatGraph graph,
            List<Histogram> histograms,
            RangeMethod method,
            java.util.Optional<TensorScale> input,
            TensorType outputType) {
        boolean[] wide = outputType == TensorType.INT16
                ? wide(graph)
                : new boolean[graph.nodes().size()];
        List<TensorType> types = new ArrayList<>();
        List<TensorScale> scales = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            FloatNode node = graph.nodes().get(i);
            Histogram seen = histograms.get(i);
            TensorType type = TensorType.INT8;
            TensorScale scale;
            switch (node.operation()) {
                case FloatOperation.Input _ -> scale = input.orElseGet(() -> seen.choose(RangeMethod.MIN_MAX));
                case FloatOperation.Constant _ -> {
                    type = TensorType.INT16;
                    scale = TensorScale.int16(seen.magnitude());
                }
                case FloatOperation.Softmax _ -> scale = TensorScale.of(1.0 / 255, -128);
                case FloatOperation.ArgMax _ -> {
                    type = TensorType.INT32;
                    scale = TensorScale.ONE;
                }
                case FloatOperation.MaxPool _,
                        FloatOperation.Reshape _,
                        FloatOperation.Transpose _,
                        FloatOperation.Pad _ -> {
                    type = types.get(node.inputs().getFirst());
                    scale = scales.get(node.inputs().getFirst());
                }
                default -> {
                    type = wide[i] ? TensorType.INT16 : TensorType.INT8;
                    scale = wide[i] ? TensorScale.int16(HEADROOM * seen.magnitude()) : seen.choose(method);
                }
            }
            types.add(type);
            scales.add(scale);
        }
        return new ScalePlan(List.copyOf(types), List.copyOf(scales));
    }

    /** The layers that may give int16: nothing reads them but outputs, moves and argmax. */
    private static boolean[] wide(FloatGraph graph) {
        boolean[] wide = new boolean[graph.nodes().size()];
        java.util.Arrays.fill(wide, true);
        for (int i = wide.length - 1; i >= 0; i--) {
            FloatNode node = graph.nodes().get(i);
            boolean passes = switch (node.operation()) {
                case FloatOperation.Reshape _, FloatOperation.Transpose _ -> wide[i];
                case FloatOperation.ArgMax _ -> true;
                default -> false;
            };
            for (int operand : node.inputs()) {
                wide[operand] &= passes;
            }
            wide[i] &= switch (node.operation()) {
                case FloatOperation.Convolution _,
                        FloatOperation.Dense _,
                        FloatOperation.Sum _,
                        FloatOperation.Product _ -> true;
                default -> false;
            };
        }
        return wide;
    }
}
