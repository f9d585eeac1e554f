package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.ScalarFunction;
import java.util.Arrays;

/**
 * Which channels may be scaled, and which only together: an addition joins the channels of its operands and its result,
 * pooling those before and after. Channels that meet a function that is not homogeneous, the graph's inputs and its
 * outputs are frozen.
 */
final class ChannelGroups {

    private final FloatGraph graph;
    private final int[] start;
    private final int[] parent;
    private final boolean[] frozen;

    private ChannelGroups(FloatGraph graph) {
        this.graph = graph;
        start = new int[graph.nodes().size()];
        int total = 0;
        for (int i = 0; i < start.length; i++) {
            start[i] = total;
            total += graph.nodes().get(i).channels();
        }
        parent = new int[total];
        Arrays.setAll(parent, i -> i);
        frozen = new boolean[total];
    }

    static ChannelGroups of(FloatGraph graph) {
        ChannelGroups groups = new ChannelGroups(graph);
        for (int i = 0; i < graph.nodes().size(); i++) {
            groups.visit(i);
            if (graph.nodes().get(i).grid().isPresent()) {
                groups.freeze(i);
            }
        }
        graph.outputs().forEach(groups::freeze);
        return groups;
    }

    /** How many group numbers there are. */
    int size() {
        return parent.length;
    }

    int group(int node, int channel) {
        return root(start[node] + channel);
    }

    boolean isFrozen(int node, int channel) {
        return frozen[group(node, channel)];
    }

    private void visit(int index) {
        FloatNode node = graph.nodes().get(index);
        switch (node.operation()) {
            case FloatOperation.Convolution layer -> {
                if (layer.weights().hasSteps()) {
                    freeze(node);
                }
                if (layer.weights().hasSteps() || !isHomogeneous(layer.clamp())) {
                    freeze(index);
                }
            }
            case FloatOperation.Dense layer -> {
                if (layer.weights().hasSteps()) {
                    freeze(node);
                }
                if (layer.weights().hasSteps() || !isHomogeneous(layer.clamp())) {
                    freeze(index);
                }
            }
            case FloatOperation.Sum(Clamp clamp) -> {
                if (isHomogeneous(clamp) && sameShape(node, 0) && sameShape(node, 1)) {
                    join(index, node.inputs().get(0), 0);
                    join(index, node.inputs().get(1), 0);
                } else {
                    freezeAround(index, node);
                }
            }
            case FloatOperation.Product(Clamp clamp) -> {
                // One gate for a whole channel: the gate stays, the value may be scaled.
                int gate = sameShape(node, 0) ? 1 : 0;
                if (isHomogeneous(clamp) && sameShape(node, 1 - gate) && !sameShape(node, gate)) {
                    freeze(node.inputs().get(gate));
                    join(index, node.inputs().get(1 - gate), 0);
                } else {
                    freezeAround(index, node);
                }
            }
            case FloatOperation.MaxPool _, FloatOperation.AveragePool _ ->
                join(index, node.inputs().getFirst(), 0);
            case FloatOperation.Pointwise(ScalarFunction function) -> {
                if (isHomogeneous(function)) {
                    join(index, node.inputs().getFirst(), 0);
                } else {
                    freezeAround(index, node);
                }
            }
            case FloatOperation.Pad pad -> {
                if (pad.value() == 0) {
                    join(index, node.inputs().getFirst(), pad.before()[node.shape().length - 1]);
                } else {
                    freezeAround(index, node);
                }
            }
            case FloatOperation.Concat(int axis) -> {
                int offset = 0;
                for (int operand : node.inputs()) {
                    join(index, operand, offset);
                    offset += axis == node.shape().length - 1
                            ? graph.nodes().get(operand).channels()
                            : 0;
                }
            }
            case FloatOperation.Reshape _ -> reshape(index, node);
            case FloatOperation.Transpose(int[] order) -> {
                if (order[order.length - 1] == order.length - 1) {
                    join(index, node.inputs().getFirst(), 0);
                } else {
                    freezeAround(index, node);
                }
            }
            default -> freezeAround(index, node);
        }
    }

    /** Row-major order keeps channel {@code i} at {@code i} modulo the smaller number of channels. */
    private void reshape(int index, FloatNode node) {
        int from = node.inputs().getFirst();
        int before = graph.nodes().get(from).channels();
        int after = node.channels();
        if (before % after != 0 && after % before != 0) {
            freezeAround(index, node);
            return;
        }
        for (int i = 0; i < Math.max(before, after); i++) {
            union(start[from] + i % before, start[index] + i % after);
        }
    }

    private boolean sameShape(FloatNode node, int operand) {
        return Arrays.equals(graph.nodes().get(node.inputs().get(operand)).shape(), node.shape());
    }

    private static boolean isHomogeneous(Clamp clamp) {
        return (clamp.low() == 0 || clamp.low() == Float.NEGATIVE_INFINITY) && clamp.high() == Float.POSITIVE_INFINITY;
    }

    private static boolean isHomogeneous(ScalarFunction function) {
        return switch (function) {
            case ScalarFunction.Clip(float low, float high) -> isHomogeneous(new Clamp(low, high));
            case ScalarFunction.LeakyRelu _ -> true;
            default -> false;
        };
    }

    /** Joins the operand's channels with those of the node from {@code offset} on. */
    private void join(int index, int operand, int offset) {
        for (int i = 0; i < graph.nodes().get(operand).channels(); i++) {
            union(start[index] + offset + i, start[operand] + i);
        }
    }

    private void freezeAround(int index, FloatNode node) {
        freeze(index);
        freeze(node);
    }

    private void freeze(FloatNode node) {
        node.inputs().forEach(this::freeze);
    }

    private void freeze(int index) {
        for (int i = 0; i < graph.nodes().get(index).channels(); i++) {
            frozen[root(start[index] + i)] = true;
        }
    }

    private void union(int a, int b) {
        int first = root(a);
        int second = root(b);
        frozen[first] |= frozen[second];
        parent[second] = first;
    }

    private int root(int element) {
        int at = element;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }
}
