package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An int8 copy of an int16 value in which each channel has a scale of its own; the weights that read it take the difference.
 *
 * @param map how a channel is stored: no offsets, factors that {@link #gain} gives without error
 * @param scale of what is stored
 */
record ChannelCopy(ChannelMap map, TensorScale scale) {

    /** A channel is never stretched by more than this. */
    private static final double MAX_STRETCH = 256;
    /** How strongly channels are made equal where weights of several channels share a scale; else they are wholly. */
    private static final double SHARED_STRENGTH = 0.5;

    /** What is tried for the part of a range that lies below zero, to that above. */
    private static final double[] PARTS_BELOW_ZERO = {1.0 / 256, 1.0 / 32, 0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16};

    /** For each node the map of its copy; the identity where no convolution with a window reads it. */
    static List<ChannelMap> maps(FloatGraph graph, ChannelRanges ranges) {
        double[] strengths = new double[graph.nodes().size()];
        for (FloatNode node : graph.nodes()) {
            if (node.operation() instanceof FloatOperation.Convolution layer && !WideNodes.readsWide(node)) {
                int source = node.inputs().getFirst();
                double strength = layer.weights().each()
                                == layer.window().kernelHeight()
                                        * layer.window().kernelWidth()
                        ? 1
                        : SHARED_STRENGTH;
                strengths[source] = strengths[source] == 0 ? strength : Math.min(strengths[source], strength);
            }
        }
        List<ChannelMap> maps = new ArrayList<>();
        for (int i = 0; i < strengths.length; i++) {
            maps.add(strengths[i] == 0 ? ChannelMap.IDENTITY : map(ranges, i, strengths[i]));
        }
        return List.copyOf(maps);
    }

    private static ChannelMap map(ChannelRanges ranges, int node, double strength) {
        double[] sizes = sizes(ranges, node);
        double largest = Arrays.stream(sizes).max().orElse(0);
        double[] factors = new double[sizes.length];
        double least = 1;
        for (int i = 0; i < sizes.length; i++) {
            double size = largest == 0 ? 1 : Math.clamp(sizes[i] / largest, 1 / MAX_STRETCH, 1);
            factors[i] = StrictMath.pow(size, strength);
            least = Math.min(least, factors[i]);
        }
        float[] exact = new float[sizes.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = (float) (1 / StrictMath.rint(TensorType.INT16.max() * least / factors[i]));
        }
        return new ChannelMap(new float[exact.length], exact);
    }

    /**
     * For each channel what becomes 1. All share a zero point, so the least value that can be stored is the same part r of that
     * for all; r is the one that costs channels the least of their precision.
     */
    private static double[] sizes(ChannelRanges ranges, int node) {
        double[] best = new double[ranges.channels(node)];
        double least = Double.POSITIVE_INFINITY;
        for (double part : PARTS_BELOW_ZERO) {
            double[] sizes = new double[best.length];
            double cost = 0;
            for (int i = 0; i < sizes.length; i++) {
                double above = Math.max(ranges.high(node, i), 0);
                double below = Math.max(-ranges.low(node, i), 0);
                sizes[i] = below == 0 ? above : Math.max(above, below / part);
                double stretched = above + below == 0 ? 1 : (1 + part) * sizes[i] / (above + below);
                cost += stretched * stretched;
            }
            if (cost < least) {
                least = cost;
                best = sizes;
            }
        }
        return best;
    }

    /** What a channel is multiplied by: 1 / factor, a whole number from 1 to the greatest int16. */
    int gain(int channel) {
        return (int) StrictMath.rint(1 / map.factorOf(channel));
    }
}
