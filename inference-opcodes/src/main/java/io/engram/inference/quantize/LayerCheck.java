package io.engram.inference.quantize;

import io.engram.inference.engine.Backend;
import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Compares a model with the float network that it came from, value by value. */
final class LayerCheck {

    private final FloatGraph network;
    private final Candidate candidate;
    private final ChannelRanges ranges;
    private final List<List<float[]>> samples;
    private final IntegerInterpreter integers;
    private final ImportProgress progress;
    private final int threads;

    LayerCheck(
            FloatGraph network,
            Candidate candidate,
            ChannelRanges ranges,
            List<List<float[]>> samples,
            Backend backend,
            ImportProgress progress,
            int threads) {
        this.network = network;
        this.candidate = candidate;
        this.ranges = ranges;
        this.samples = samples.subList(0, OutputCheck.count(network, samples));
        this.integers = new IntegerInterpreter(candidate.model(), backend);
        this.progress = progress;
        this.threads = threads;
    }

    /** Sums of one sample, by float node. */
    private record Sums(double[] signal, double[] noise, long[] saturated) {}

    QuantizationReport report(OutputCheck.Fit fit) {
        List<List<Sums>> parts = SampleRange.split(samples.size(), threads, range -> {
            FloatInterpreter floats = new FloatInterpreter(network);
            List<Sums> sums = new ArrayList<>();
            for (int i = range.from(); i < range.to(); i++) {
                float[][] expected = floats.run(samples.get(i));
                sums.add(compare(expected, integers.run(Quantising.inputs(network, candidate.plan(), samples.get(i)))));
                progress.advance();
            }
            return sums;
        });
        List<Sums> sums = new ArrayList<>();
        parts.forEach(sums::addAll);
        List<QuantizationReport.Layer> layers = new ArrayList<>();
        for (int node = 0; node < network.nodes().size(); node++) {
            if (candidate.steps()[node] >= 0) {
                layers.add(layer(node, sums));
            }
        }
        return new QuantizationReport(
                candidate.method(),
                candidate.equalisation().strength(),
                candidate.plan().wide(),
                candidate.corrected(),
                fit.samples(),
                layers,
                fit.outputs(),
                fit.decibels(),
                fit.agreement());
    }

    private Sums compare(float[][] expected, Tensor[] actual) {
        double[] signal = new double[expected.length];
        double[] noise = new double[expected.length];
        long[] saturated = new long[expected.length];
        for (int node = 0; node < expected.length; node++) {
            if (candidate.steps()[node] < 0) {
                continue;
            }
            Tensor tensor = actual[candidate.model().graph().valueOf(candidate.steps()[node])];
            TensorScale scale = candidate.plan().scales().get(node);
            TensorType type = candidate.plan().types().get(node);
            ChannelMap map = candidate.equalisation().maps().get(node);
            double room = scale.step() / 2;
            double least = scale.dequantise(type.min()) - room;
            double greatest = scale.dequantise(type.max()) + room;
            for (int i = 0; i < expected[node].length; i++) {
                double real = expected[node][i];
                double stored = map.stored(real, i);
                double difference = map.real(scale.dequantise(tensor.get(i)), i) - real;
                signal[node] += real * real;
                noise[node] += difference * difference;
                saturated[node] += stored < least || stored > greatest ? 1 : 0;
            }
        }
        return new Sums(signal, noise, saturated);
    }

    private QuantizationReport.Layer layer(int node, List<Sums> sums) {
        double signal = 0;
        double noise = 0;
        long saturated = 0;
        for (Sums sample : sums) {
            signal += sample.signal[node];
            noise += sample.noise[node];
            saturated += sample.saturated[node];
        }
        FloatNode source = network.nodes().get(node);
        Shape shape = Shape.of(source.shape());
        TensorScale scale = candidate.plan().scales().get(node);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int channel = 0; channel < source.channels(); channel++) {
            low = Math.min(low, ranges.low(node, channel));
            high = Math.max(high, ranges.high(node, channel));
        }
        return new QuantizationReport.Layer(
                source.name(),
                candidate
                        .model()
                        .graph()
                        .nodes()
                        .get(candidate.steps()[node])
                        .operator()
                        .mnemonic(),
                candidate.plan().types().get(node),
                shape,
                scale.scale(),
                scale.zeroPoint(),
                low,
                high,
                (double) saturated / ((double) shape.elements() * sums.size()),
                Quantising.decibels(signal, noise));
    }

    /** The integers that a layer's result lies in. */
    static OutputRange range(Candidate candidate, int node) {
        Clamp clamp =
                switch (candidate.equalisation().network().nodes().get(node).operation()) {
                    case FloatOperation.Convolution layer -> layer.clamp();
                    case FloatOperation.Dense layer -> layer.clamp();
                    default -> Clamp.NONE;
                };
        return OutputRanges.of(
                candidate.plan().types().get(node), candidate.plan().scales().get(node), clamp);
    }
}
