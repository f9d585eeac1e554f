package io.engram.inference.transformer;

import io.engram.inference.quantize.TensorScale;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The type and scale of every node's result: int16 with room above what calibration saw. Embeddings keep the int8 of the
 * file, outputs are int8 where that was asked for.
 */
record SequencePlan(List<TensorType> types, List<TensorScale> scales) {

    /** Room above what calibration saw: int16 has bits to spare. */
    private static final double HEADROOM = 2;

    private static final double SMALLEST = 0x1p-40;

    /** @param largest the largest magnitude of each node over the samples */
    static SequencePlan of(SequenceGraph graph, double[] largest, TensorType outputType) {
        List<TensorType> types = new ArrayList<>();
        List<TensorScale> scales = new ArrayList<>();
        for (int i = 0; i < largest.length; i++) {
            SequenceGraph.Node node = graph.nodes().get(i);
            boolean narrow = outputType == TensorType.INT8 && graph.outputs().contains(i);
            TensorType type = narrow ? TensorType.INT8 : TensorType.INT16;
            TensorScale scale = narrow
                    ? TensorScale.of(Math.max(largest[i], SMALLEST) / TensorType.INT8.max(), 0)
                    : TensorScale.int16(HEADROOM * largest[i]);
            switch (node.operation()) {
                case SequenceOperation.Input input -> {
                    type = input.hi() <= TensorType.INT8.max()
                            ? TensorType.INT8
                            : input.hi() <= TensorType.INT16.max() ? TensorType.INT16 : TensorType.INT32;
                    scale = TensorScale.ONE;
                }
                case SequenceOperation.Constant _ -> {
                    type = TensorType.INT16;
                    scale = TensorScale.int16(largest[i]);
                }
                case SequenceOperation.Embedding embedding -> {
                    type = TensorType.INT8;
                    scale = TensorScale.of(embedding.step(), 0);
                }
                case SequenceOperation.Softmax _ -> scale = TensorScale.int16(1);
                case SequenceOperation.Factor(double factor) -> {
                    type = types.get(node.inputs().getFirst());
                    TensorScale own = scales.get(node.inputs().getFirst());
                    scale = TensorScale.of(own.step() * factor, own.zeroPoint());
                }
                case SequenceOperation.Reshape _, SequenceOperation.Transpose _ -> {
                    type = types.get(node.inputs().getFirst());
                    scale = scales.get(node.inputs().getFirst());
                }
                default -> {}
            }
            types.add(type);
            scales.add(scale);
        }
        return new SequencePlan(List.copyOf(types), List.copyOf(scales));
    }

    double step(int node) {
        return scales.get(node).step();
    }
}
