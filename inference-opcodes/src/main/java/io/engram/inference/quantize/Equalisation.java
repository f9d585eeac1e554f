package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.Weights;
import io.engram.inference.onnx.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A network that computes the same with its channels on other scales, so that one scale for a whole tensor loses less.
 * Channels that are small get larger and the weights that read them smaller (cross-layer equalisation: Nagel et al. 2019,
 * section 4.1, with the channel ranges measured); where only layers without padding read a layer without a clamp, each
 * channel is also moved to lie around zero, and the readers' biases take the difference.
 *
 * @param strength 0 leaves the network as it is, 1 makes all channels of a tensor equally large
 * @param network the changed network
 * @param maps for each node how its value is stored
 */
record Equalisation(double strength, FloatGraph network, List<ChannelMap> maps) {

    /** A channel is never stretched by more than this. */
    private static final double MAX_STRETCH = 256;

    static Equalisation none(FloatGraph network) {
        return new Equalisation(0, network, Collections.nCopies(network.nodes().size(), ChannelMap.IDENTITY));
    }

    static Equalisation of(FloatGraph network, ChannelRanges ranges, double strength) {
        ChannelGroups groups = ChannelGroups.of(network);
        List<float[]> offsets = offsets(network, ranges, groups);
        double[] sizes = sizes(ranges, groups, offsets);
        List<ChannelMap> maps = new ArrayList<>();
        for (int node = 0; node < offsets.size(); node++) {
            float[] factors = new float[offsets.get(node).length];
            boolean identity = true;
            for (int i = 0; i < factors.length; i++) {
                double size = Math.clamp(sizes[groups.group(node, i)], 1 / MAX_STRETCH, 1);
                factors[i] = groups.isFrozen(node, i) ? 1 : (float) StrictMath.pow(size, strength);
                identity &= factors[i] == 1 && offsets.get(node)[i] == 0;
            }
            maps.add(identity ? ChannelMap.IDENTITY : new ChannelMap(offsets.get(node), factors));
        }
        List<FloatNode> nodes = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            nodes.add(changed(network.nodes().get(i), maps, i));
        }
        return new Equalisation(
                strength, new FloatGraph(List.copyOf(nodes), network.inputs(), network.outputs()), List.copyOf(maps));
    }

    boolean isNone() {
        return maps.stream().allMatch(ChannelMap::isIdentity);
    }

    /** The same with other biases in the changed network. */
    Equalisation withNetwork(FloatGraph changed) {
        return new Equalisation(strength, changed, maps);
    }

    /** For each node the middle of its channels where it may be taken away, else zeros. */
    private static List<float[]> offsets(FloatGraph network, ChannelRanges ranges, ChannelGroups groups) {
        boolean[] movable = new boolean[network.nodes().size()];
        for (int i = 0; i < movable.length; i++) {
            movable[i] = isLinear(network.nodes().get(i));
        }
        for (FloatNode node : network.nodes()) {
            if (!readsWithoutPadding(node)) {
                node.inputs().forEach(input -> movable[input] = false);
            }
        }
        List<float[]> offsets = new ArrayList<>();
        for (int node = 0; node < movable.length; node++) {
            float[] middle = new float[network.nodes().get(node).channels()];
            for (int i = 0; i < middle.length && movable[node]; i++) {
                middle[i] = groups.isFrozen(node, i)
                        ? 0
                        : (float) (((double) ranges.low(node, i) + ranges.high(node, i)) / 2);
            }
            offsets.add(middle);
        }
        return offsets;
    }

    private static boolean isLinear(FloatNode node) {
        return switch (node.operation()) {
            case FloatOperation.Convolution layer -> layer.clamp().isNone();
            case FloatOperation.Dense layer -> layer.clamp().isNone();
            default -> false;
        };
    }

    private static boolean readsWithoutPadding(FloatNode node) {
        return switch (node.operation()) {
            case FloatOperation.Convolution layer -> !layer.window().padded();
            case FloatOperation.Dense _ -> true;
            default -> false;
        };
    }

    /** For each group the largest part that one of its channels takes of its tensor's range. */
    private static double[] sizes(ChannelRanges ranges, ChannelGroups groups, List<float[]> offsets) {
        double[] sizes = new double[groups.size()];
        for (int node = 0; node < offsets.size(); node++) {
            float[] offset = offsets.get(node);
            double[] own = new double[offset.length];
            double largest = 0;
            for (int i = 0; i < own.length; i++) {
                own[i] =
                        Math.max(Math.abs(ranges.low(node, i) - offset[i]), Math.abs(ranges.high(node, i) - offset[i]));
                largest = Math.max(largest, own[i]);
            }
            for (int i = 0; i < own.length && largest > 0; i++) {
                int group = groups.group(node, i);
                sizes[group] = Math.max(sizes[group], own[i] / largest);
            }
        }
        return sizes;
    }

    private static FloatNode changed(FloatNode node, List<ChannelMap> maps, int index) {
        if (node.inputs().isEmpty()) {
            return node;
        }
        ChannelMap in = maps.get(node.inputs().getFirst());
        ChannelMap out = maps.get(index);
        if (in.isIdentity() && out.isIdentity()) {
            return node;
        }
        FloatOperation operation = switch (node.operation()) {
            case FloatOperation.Convolution(Window window, int groups, Weights weights, Clamp clamp) ->
                new FloatOperation.Convolution(window, groups, changed(weights, groups, in, out), clamp);
            case FloatOperation.Dense(Weights weights, Clamp clamp) ->
                new FloatOperation.Dense(changed(weights, 1, in, out), clamp);
            case FloatOperation other -> other;
        };
        return node.with(operation, node.inputs());
    }

    /** The weights for stored values; channels of an input that is flattened repeat. */
    static Weights changed(Weights weights, int groups, ChannelMap in, ChannelMap out) {
        int outputs = weights.outputs();
        int channels = in.isIdentity() ? weights.each() * groups : in.factor().length;
        int each = channels / groups;
        float[] values = weights.values().clone();
        double[] bias = new double[outputs];
        for (int i = 0; i < values.length; i++) {
            int output = i % outputs;
            int channel = output / (outputs / groups) * each + i / outputs % each;
            bias[output] += values[i] * in.offsetOf(channel);
            values[i] = (float) (values[i] * in.factorOf(channel) / out.factorOf(output));
        }
        float[] biases = weights.bias().clone();
        for (int i = 0; i < outputs; i++) {
            biases[i] = (float) ((biases[i] + bias[i] - out.offsetOf(i)) / out.factorOf(i));
        }
        return new Weights(values, biases, Arrays.copyOf(weights.steps(), weights.steps().length));
    }
}
