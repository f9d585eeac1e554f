package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.Grid;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The type and scale of every node's result.
 *
 * @param narrow the int8 scale of a result that is int16, for readers that take int8 only; elsewhere the scale itself
 */
record ScalePlan(List<TensorType> types, List<TensorScale> scales, List<TensorScale> narrow) {

    /** Room above what calibration saw, for int16. */
    private static final double HEADROOM = 2;

    /**
     * @param inputs the scales of inputs that are known without measuring, in the graph's order
     * @param outputType of outputs that can have it
     * @param sumType of sums that other sums read
     */
    static ScalePlan of(
            FloatGraph graph,
            List<Histogram> histograms,
            RangeMethod method,
            List<Optional<TensorScale>> inputs,
            TensorType outputType,
            TensorType sumType) {
        boolean[] wide = new boolean[graph.nodes().size()];
        if (outputType == TensorType.INT16) {
            WideNodes.outputs(graph, wide);
        }
        if (sumType == TensorType.INT16) {
            WideNodes.sums(graph, wide);
        }
        List<TensorType> types = new ArrayList<>();
        List<TensorScale> scales = new ArrayList<>();
        List<TensorScale> narrow = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            FloatNode node = graph.nodes().get(i);
            Histogram seen = histograms.get(i);
            TensorType type = TensorType.INT8;
            TensorScale scale;
            Optional<TensorScale> own = Optional.empty();
            switch (node.operation()) {
                case FloatOperation.Input _ -> {
                    int number = graph.inputs().indexOf(i);
                    scale = inputs.get(number)
                            .or(() -> node.grid().map(ScalePlan::of))
                            .orElseGet(() -> seen.choose(RangeMethod.MIN_MAX));
                }
                case FloatOperation.Round(Grid grid) -> scale = of(grid);
                case FloatOperation.Constant _ -> {
                    type = TensorType.INT16;
                    scale = TensorScale.int16(seen.magnitude());
                }
                case FloatOperation.Softmax _ -> scale = TensorScale.of(1.0 / 255, -128);
                case FloatOperation.ArgMax _ -> {
                    type = TensorType.INT32;
                    scale = TensorScale.ONE;
                }
                case FloatOperation.MaxPool _ ->
                    scale = narrow.get(node.inputs().getFirst());
                case FloatOperation.Reshape _, FloatOperation.Transpose _, FloatOperation.Pad _ -> {
                    type = types.get(node.inputs().getFirst());
                    scale = scales.get(node.inputs().getFirst());
                    own = Optional.of(narrow.get(node.inputs().getFirst()));
                }
                default -> {
                    type = wide[i] ? TensorType.INT16 : TensorType.INT8;
                    scale = wide[i]
                            ? TensorScale.int16(HEADROOM * seen.magnitude())
                            : node.grid().map(ScalePlan::of).orElseGet(() -> seen.choose(method));
                    own = wide[i] ? Optional.of(seen.choose(method)) : Optional.empty();
                }
            }
            types.add(type);
            scales.add(scale);
            narrow.add(own.orElse(scale));
        }
        return new ScalePlan(List.copyOf(types), List.copyOf(scales), List.copyOf(narrow));
    }

    /** The scale that a quantised file gives. */
    private static TensorScale of(Grid grid) {
        return TensorScale.of(grid.scale(), grid.signedZeroPoint());
    }
}
