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
 * @param copies of results that are int16, for convolutions with a window; elsewhere empty
 */
record ScalePlan(
        WideValues wide,
        List<TensorType> types,
        List<TensorScale> scales,
        List<TensorScale> narrow,
        List<Optional<ChannelCopy>> copies) {

    /** Room above what calibration saw, for int16. */
    private static final double HEADROOM = 2;

    private static final double POOLED_ROOM = 1.5;

    /**
     * @param inputs the scales of inputs that are known without measuring, in the graph's order
     * @param outputType of outputs that can have it
     * @param channels of the values that convolutions with a window read, where {@code wide} is all
     */
    static ScalePlan of(
            FloatGraph graph,
            List<Histogram> histograms,
            RangeMethod method,
            List<Optional<TensorScale>> inputs,
            TensorType outputType,
            WideValues wideValues,
            Optional<ChannelHistograms> channels) {
        boolean[] wide = new boolean[graph.nodes().size()];
        if (outputType == TensorType.INT16) {
            WideNodes.outputs(graph, wide);
        }
        switch (wideValues) {
            case NONE -> {}
            case SUMS -> WideNodes.sums(graph, wide);
            case ALL -> WideNodes.all(graph, outputType, wide);
        }
        List<TensorType> types = new ArrayList<>();
        List<TensorScale> scales = new ArrayList<>();
        List<TensorScale> narrow = new ArrayList<>();
        List<Optional<ChannelCopy>> copies = new ArrayList<>();
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
                    own = wide[i] ? Optional.of(narrow(seen, method, wideValues)) : Optional.empty();
                }
            }
            types.add(type);
            scales.add(scale);
            narrow.add(own.orElse(scale));
            int number = i;
            copies.add(
                    type == TensorType.INT16
                            ? channels.flatMap(seenChannels -> seenChannels.copy(number, method))
                            : Optional.empty());
        }
        return new ScalePlan(
                wideValues, List.copyOf(types), List.copyOf(scales), List.copyOf(narrow), List.copyOf(copies));
    }

    /**
     * The scale of an int8 copy. Where the rest is int16, what pooling reads is not cut off: an outlier that calibration has not
     * seen costs more than rounding.
     */
    private static TensorScale narrow(Histogram seen, RangeMethod method, WideValues wide) {
        return wide == WideValues.ALL ? seen.withRoom(POOLED_ROOM) : seen.choose(method);
    }

    /** How a reader finds a value. */
    record Stored(TensorType type, TensorScale scale, ChannelMap map) {}

    /** How a layer with weights reads what node {@code source} computes. */
    Stored read(FloatNode layer, int source) {
        boolean all = wide == WideValues.ALL && types.get(source) == TensorType.INT16;
        if (all && WideNodes.readsWide(layer)) {
            return new Stored(TensorType.INT16, scales.get(source), ChannelMap.IDENTITY);
        }
        return copies.get(source)
                .map(copy -> new Stored(TensorType.INT8, copy.scale(), copy.map()))
                .orElse(new Stored(TensorType.INT8, narrow.get(source), ChannelMap.IDENTITY));
    }

    /** The scale that a quantised file gives. */
    private static TensorScale of(Grid grid) {
        return TensorScale.of(grid.scale(), grid.signedZeroPoint());
    }
}
