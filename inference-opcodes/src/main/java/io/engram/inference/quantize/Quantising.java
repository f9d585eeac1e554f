package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** From real numbers to tensors, and what that costs. */
final class Quantising {

    private Quantising() {}

    /** A sample as the model's inputs. */
    static List<Tensor> inputs(FloatGraph network, ScalePlan plan, List<float[]> sample) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
            int node = network.inputs().get(i);
            TensorType type = plan.types().get(node);
            Shape shape = Shape.of(network.nodes().get(node).shape());
            tensors.add(tensor(sample.get(i), ChannelMap.IDENTITY, plan.scales().get(node), type, shape));
        }
        return tensors;
    }

    /** The stored form of real numbers. */
    static Tensor tensor(float[] values, ChannelMap map, TensorScale scale, TensorType type, Shape shape) {
        Tensor tensor = Tensor.zeros(type, shape);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, scale.quantise(map.stored(values[i], i), type));
        }
        return tensor;
    }

    /** Signal-to-noise ratio of sums of squares; infinite without noise. */
    static double decibels(double signal, double noise) {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * StrictMath.log10(signal / noise);
    }

    /** Index of the first largest element. */
    static int best(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    static int best(int[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
