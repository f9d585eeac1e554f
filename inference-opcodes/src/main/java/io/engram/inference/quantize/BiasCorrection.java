package io.engram.inference.quantize;

import io.engram.inference.engine.Backend;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.Weights;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes away what rounding weights shifts a channel by on average (Nagel et al. 2019, section 4.2, with the shift
 * measured): each integer layer is given the float network's input, and the mean difference to the float result goes into
 * the bias. Results at the ends of the range tell nothing and are left out. Layers whose integers a file fixes stay.
 */
final class BiasCorrection {

    private final FloatGraph network;
    private final Candidate candidate;
    private final List<List<float[]>> samples;
    private final IntegerInterpreter integers;
    private final ImportProgress progress;
    private final int threads;

    BiasCorrection(
            FloatGraph network,
            Candidate candidate,
            List<List<float[]>> samples,
            Backend backend,
            ImportProgress progress,
            int threads) {
        this.network = network;
        this.candidate = candidate;
        this.samples = samples.subList(0, OutputCheck.count(network, samples));
        this.integers = new IntegerInterpreter(candidate.model(), backend);
        this.progress = progress;
        this.threads = threads;
    }

    /** Sums of one sample: for each node and channel the difference and the number of elements; empty for no layer. */
    private record Shifts(double[][] sums, long[][] counts) {}

    /** The candidate's network with other biases. */
    FloatGraph apply() {
        List<List<Shifts>> parts = SampleRange.split(samples.size(), threads, range -> {
            FloatInterpreter floats = new FloatInterpreter(network);
            List<Shifts> shifts = new ArrayList<>();
            for (int i = range.from(); i < range.to(); i++) {
                shifts.add(measure(floats.run(samples.get(i))));
                progress.advance();
            }
            return shifts;
        });
        List<FloatNode> nodes =
                new ArrayList<>(candidate.equalisation().network().nodes());
        for (int node = 0; node < nodes.size(); node++) {
            if (weights(node).outputs() == 0) {
                continue;
            }
            double[] sum = new double[weights(node).outputs()];
            long[] count = new long[sum.length];
            for (List<Shifts> part : parts) {
                for (Shifts shifts : part) {
                    for (int channel = 0; channel < sum.length; channel++) {
                        sum[channel] += shifts.sums[node][channel];
                        count[channel] += shifts.counts[node][channel];
                    }
                }
            }
            float[] bias = weights(node).bias().clone();
            for (int channel = 0; channel < bias.length; channel++) {
                bias[channel] += count[channel] == 0 ? 0 : (float) (sum[channel] / count[channel]);
            }
            nodes.set(node, withBias(nodes.get(node), bias));
        }
        FloatGraph graph = candidate.equalisation().network();
        return new FloatGraph(List.copyOf(nodes), graph.inputs(), graph.outputs());
    }

    private Shifts measure(float[][] values) {
        double[][] sums = new double[values.length][];
        long[][] counts = new long[values.length][];
        for (int node = 0; node < values.length; node++) {
            int channels = weights(node).outputs();
            sums[node] = new double[channels];
            counts[node] = new long[channels];
            if (channels > 0) {
                measure(node, values, sums[node], counts[node]);
            }
        }
        return new Shifts(sums, counts);
    }

    private void measure(int node, float[][] values, double[] sums, long[] counts) {
        ScalePlan plan = candidate.plan();
        int source = network.nodes().get(node).inputs().getFirst();
        List<ChannelMap> maps = candidate.equalisation().maps();
        Shape shape = Shape.of(network.nodes().get(source).shape());
        ScalePlan.Stored read = plan.read(network.nodes().get(node), source);
        ChannelMap map = read.map().isIdentity() ? maps.get(source) : read.map();
        Tensor input = Quantising.tensor(values[source], map, read.scale(), read.type(), shape);
        int step = candidate.steps()[node];
        Tensor result = integers.step(step, input);
        OutputRange range = LayerCheck.range(candidate, node);
        TensorScale scale = plan.scales().get(node);
        for (int i = 0; i < values[node].length; i++) {
            double expected = maps.get(node).stored(values[node][i], i);
            int level = scale.quantise(expected, range.type());
            int actual = result.get(i);
            if (level > range.lo() && level < range.hi() && actual > range.lo() && actual < range.hi()) {
                int channel = i % sums.length;
                sums[channel] += expected - scale.dequantise(actual);
                counts[channel]++;
            }
        }
    }

    private static final Weights NONE = Weights.of(new float[0], new float[0]);

    /** The weights of a layer that may be corrected, else none. */
    private Weights weights(int node) {
        Weights weights =
                switch (candidate.equalisation().network().nodes().get(node).operation()) {
                    case FloatOperation.Convolution layer -> layer.weights();
                    case FloatOperation.Dense layer -> layer.weights();
                    default -> NONE;
                };
        return weights.hasSteps() ? NONE : weights;
    }

    private static FloatNode withBias(FloatNode node, float[] bias) {
        FloatOperation operation = switch (node.operation()) {
            case FloatOperation.Convolution layer ->
                new FloatOperation.Convolution(
                        layer.window(), layer.groups(), layer.weights().withBias(bias), layer.clamp());
            case FloatOperation.Dense layer ->
                new FloatOperation.Dense(layer.weights().withBias(bias), layer.clamp());
            case FloatOperation other -> other;
        };
        return node.with(operation, node.inputs());
    }
}
