package io.engram.inference.quantize;

import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Compares a model with the float network that it came from, value by value. */
final class QuantizationCheck {

    /** Samples compared; more tell little more. */
    static final int MAX_SAMPLES = 64;

    private final FloatGraph network;
    private final ScalePlan plan;
    private final Model model;
    /** For each float node the value number of the model, −1 for inputs and constants. */
    private final int[] numbers;

    private QuantizationCheck(FloatGraph network, ScalePlan plan, Model model) {
        this.network = network;
        this.plan = plan;
        this.model = model;
        this.numbers = new int[network.nodes().size()];
        int step = 0;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = isStep(network.nodes().get(i)) ? model.graph().valueOf(step++) : -1;
        }
        if (step != model.graph().nodes().size()) {
            throw new IllegalStateException(
                    "the model has " + model.graph().nodes().size() + " steps, not " + step);
        }
    }

    /** Sums of one sample, by float node. */
    private record Sums(double[] signal, double[] noise, boolean agrees) {}

    static QuantizationReport report(
            FloatGraph network, ScalePlan plan, Model model, RangeMethod method, List<float[]> samples, int threads) {
        QuantizationCheck check = new QuantizationCheck(network, plan, model);
        int count = Math.min(samples.size(), MAX_SAMPLES);
        List<Sums> sums = new ArrayList<>();
        for (List<Sums> part : SampleRange.split(count, threads, range -> check.compare(range, samples))) {
            sums.addAll(part);
        }
        return check.report(sums, method);
    }

    private List<Sums> compare(SampleRange range, List<float[]> samples) {
        FloatInterpreter floats = new FloatInterpreter(network);
        IntegerInterpreter integers = new IntegerInterpreter(model);
        List<Sums> sums = new ArrayList<>();
        for (int i = range.from(); i < range.to(); i++) {
            float[][] expected = floats.run(List.of(samples.get(i)));
            Tensor[] actual = integers.run(List.of(input(samples.get(i))));
            sums.add(compare(expected, actual));
        }
        return sums;
    }

    private Tensor input(float[] sample) {
        int node = network.inputs().getFirst();
        Tensor tensor =
                Tensor.zeros(TensorType.INT8, Shape.of(network.nodes().get(node).shape()));
        for (int i = 0; i < sample.length; i++) {
            tensor.set(i, plan.scales().get(node).quantise(sample[i], TensorType.INT8));
        }
        return tensor;
    }

    private Sums compare(float[][] expected, Tensor[] actual) {
        double[] signal = new double[expected.length];
        double[] noise = new double[expected.length];
        for (int node = 0; node < expected.length; node++) {
            if (numbers[node] < 0) {
                continue;
            }
            Tensor tensor = actual[numbers[node]];
            TensorScale scale = plan.scales().get(node);
            for (int i = 0; i < expected[node].length; i++) {
                double real = expected[node][i];
                double difference = scale.dequantise(tensor.get(i)) - real;
                signal[node] += real * real;
                noise[node] += difference * difference;
            }
        }
        int output = network.outputs().getFirst();
        return new Sums(signal, noise, best(expected[output]) == best(actual[numbers[output]].toArray()));
    }

    private static int best(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static int best(int[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private QuantizationReport report(List<Sums> sums, RangeMethod method) {
        Graph graph = model.graph();
        double[] signal = new double[numbers.length];
        double[] noise = new double[numbers.length];
        int agreeing = 0;
        for (Sums sample : sums) {
            for (int i = 0; i < numbers.length; i++) {
                signal[i] += sample.signal[i];
                noise[i] += sample.noise[i];
            }
            agreeing += sample.agrees ? 1 : 0;
        }
        List<QuantizationReport.Layer> layers = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] >= 0) {
                FloatNode node = network.nodes().get(i);
                TensorScale scale = plan.scales().get(i);
                layers.add(new QuantizationReport.Layer(
                        node.name(),
                        graph.nodes().get(graph.nodeOf(numbers[i])).operator().mnemonic(),
                        plan.types().get(i),
                        Shape.of(node.shape()),
                        scale.scale(),
                        scale.zeroPoint(),
                        decibels(signal[i], noise[i])));
            }
        }
        double outputSignal = 0;
        double outputNoise = 0;
        for (int output : network.outputs()) {
            outputSignal += signal[output];
            outputNoise += noise[output];
        }
        return new QuantizationReport(
                method, sums.size(), layers, decibels(outputSignal, outputNoise), (double) agreeing / sums.size());
    }

    private static double decibels(double signal, double noise) {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * StrictMath.log10(signal / noise);
    }

    private static boolean isStep(FloatNode node) {
        return !(node.operation() instanceof FloatOperation.Input)
                && !(node.operation() instanceof FloatOperation.Constant);
    }
}
