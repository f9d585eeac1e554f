package io.engram.inference.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * A network in floating point, channels last, ready to be calibrated and quantised.
 *
 * @param nodes in an order where inputs come before users
 * @param inputs the {@link FloatOperation.Input} nodes in the file's order
 * @param outputs indices of the result nodes in the file's order
 */
public record FloatGraph(List<FloatNode> nodes, List<Integer> inputs, List<Integer> outputs) {

    /** How often each node is used, as input of another or as output. */
    public int[] useCounts() {
        int[] uses = new int[nodes.size()];
        for (FloatNode node : nodes) {
            for (int input : node.inputs()) {
                uses[input]++;
            }
        }
        for (int output : outputs) {
            uses[output]++;
        }
        return uses;
    }

    /** Multiply–accumulates of convolutions and dense layers for one sample; padding counts. */
    public long multiplyAccumulates() {
        long total = 0;
        for (FloatNode node : nodes) {
            total += switch (node.operation()) {
                case FloatOperation.Convolution c ->
                    (long) Shapes.size(node.shape()) * c.weights().each();
                case FloatOperation.Dense d ->
                    (long) Shapes.size(node.shape()) * d.weights().each();
                default -> 0;
            };
        }
        return total;
    }

    /** What pooling reads for one sample; padding counts. */
    public long poolOperations() {
        long total = 0;
        for (FloatNode node : nodes) {
            Window window = switch (node.operation()) {
                case FloatOperation.MaxPool(Window pooled) -> pooled;
                case FloatOperation.AveragePool(Window pooled) -> pooled;
                default -> Window.POINT;
            };
            total += (long) window.kernelHeight() * window.kernelWidth() * Shapes.size(node.shape());
        }
        return total;
    }

    /** The same graph without nodes that no output needs; inputs stay. */
    FloatGraph withoutDeadNodes() {
        boolean[] live = new boolean[nodes.size()];
        inputs.forEach(i -> live[i] = true);
        outputs.forEach(i -> live[i] = true);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (live[i]) {
                nodes.get(i).inputs().forEach(input -> live[input] = true);
            }
        }
        int[] moved = new int[nodes.size()];
        List<FloatNode> kept = new ArrayList<>();
        for (int i = 0; i < moved.length; i++) {
            if (live[i]) {
                moved[i] = kept.size();
                FloatNode node = nodes.get(i);
                kept.add(node.with(
                        node.operation(),
                        node.inputs().stream().map(input -> moved[input]).toList()));
            }
        }
        return new FloatGraph(
                List.copyOf(kept),
                inputs.stream().map(i -> moved[i]).toList(),
                outputs.stream().map(i -> moved[i]).toList());
    }
}
