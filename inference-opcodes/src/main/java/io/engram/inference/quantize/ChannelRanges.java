package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The least and the greatest value of every channel of every node. Merging is exact, so threads cannot matter. */
final class ChannelRanges {

    private final List<float[]> low = new ArrayList<>();
    private final List<float[]> high = new ArrayList<>();

    ChannelRanges(FloatGraph graph) {
        for (FloatNode node : graph.nodes()) {
            float[] least = new float[node.channels()];
            float[] greatest = new float[node.channels()];
            Arrays.fill(least, Float.POSITIVE_INFINITY);
            Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
            low.add(least);
            high.add(greatest);
        }
    }

    /** Takes in what one sample gave. */
    void widen(float[][] values) {
        for (int node = 0; node < values.length; node++) {
            float[] least = low.get(node);
            float[] greatest = high.get(node);
            float[] value = values[node];
            for (int start = 0; start < value.length; start += least.length) {
                for (int channel = 0; channel < least.length; channel++) {
                    // A NaN makes both ends NaN and is refused as not finite.
                    least[channel] = Math.min(least[channel], value[start + channel]);
                    greatest[channel] = Math.max(greatest[channel], value[start + channel]);
                }
            }
        }
    }

    void widen(ChannelRanges other) {
        for (int node = 0; node < low.size(); node++) {
            for (int channel = 0; channel < low.get(node).length; channel++) {
                low.get(node)[channel] =
                        Math.min(low.get(node)[channel], other.low.get(node)[channel]);
                high.get(node)[channel] =
                        Math.max(high.get(node)[channel], other.high.get(node)[channel]);
            }
        }
    }

    int channels(int node) {
        return low.get(node).length;
    }

    float low(int node, int channel) {
        return low.get(node)[channel];
    }

    float high(int node, int channel) {
        return high.get(node)[channel];
    }

    boolean isFinite(int node) {
        for (int channel = 0; channel < low.get(node).length; channel++) {
            if (!Float.isFinite(low(node, channel)) || !Float.isFinite(high(node, channel))) {
                return false;
            }
        }
        return true;
    }

    /** An empty histogram from the least to the greatest stored value. */
    Histogram histogram(int node, ChannelMap map) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int channel = 0; channel < low.get(node).length; channel++) {
            least = Math.min(least, map.stored(low(node, channel), channel));
            greatest = Math.max(greatest, map.stored(high(node, channel), channel));
        }
        return new Histogram(least, greatest);
    }
}
