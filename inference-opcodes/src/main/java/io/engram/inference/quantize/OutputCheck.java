package io.engram.inference.quantize;

import io.engram.inference.engine.Backend;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Compares the outputs of models with those of the float network that they came from. */
final class OutputCheck {

    /** Most samples compared; more tell little more. */
    static final int MAX_SAMPLES = 64;
    /** Fewest samples compared, however large the network. */
    private static final int MIN_SAMPLES = 8;
    /** Multiply–accumulates of the float network that a comparison may take. */
    private static final long BUDGET = 1L << 34;

    /**
     * How near a model comes.
     *
     * @param decibels mean of the outputs' signal-to-noise ratios, so that none hides behind a larger one
     * @param outputs signal-to-noise ratio of each output, of a softmax that of its input
     * @param agreement share of samples whose largest element of the first output is the same
     */
    record Fit(double decibels, List<Double> outputs, double agreement, int samples) {}

    private final FloatGraph network;
    private final List<List<float[]>> samples;
    private final Backend backend;
    private final ImportProgress progress;
    private final int threads;

    OutputCheck(
            FloatGraph network, List<List<float[]>> samples, Backend backend, ImportProgress progress, int threads) {
        this.network = network;
        this.samples = samples.subList(0, count(network, samples));
        this.backend = backend;
        this.progress = progress;
        this.threads = threads;
    }

    /** How many samples a comparison takes: a matter of the network alone. */
    static int count(FloatGraph network, List<List<float[]>> samples) {
        long affordable = BUDGET / Math.max(network.multiplyAccumulates(), 1);
        return Math.min(samples.size(), Math.clamp(affordable, MIN_SAMPLES, MAX_SAMPLES));
    }

    /** One result a candidate. */
    List<Fit> measure(List<Candidate> candidates) {
        List<IntegerInterpreter> integers = candidates.stream()
                .map(candidate -> new IntegerInterpreter(candidate.model(), backend))
                .toList();
        List<List<Sums>> parts = SampleRange.split(samples.size(), threads, range -> {
            FloatInterpreter floats = new FloatInterpreter(network);
            List<Sums> sums = new ArrayList<>();
            for (int i = range.from(); i < range.to(); i++) {
                float[][] expected = floats.run(samples.get(i));
                for (int c = 0; c < candidates.size(); c++) {
                    List<Tensor> inputs =
                            Quantising.inputs(network, candidates.get(c).plan(), samples.get(i));
                    sums.add(
                            compare(candidates.get(c), expected, integers.get(c).run(inputs)));
                }
                progress.advance();
            }
            return sums;
        });
        List<Sums> all = new ArrayList<>();
        parts.forEach(all::addAll);
        List<Fit> fits = new ArrayList<>();
        for (int c = 0; c < candidates.size(); c++) {
            List<Sums> own = new ArrayList<>();
            for (int i = c; i < all.size(); i += candidates.size()) {
                own.add(all.get(i));
            }
            fits.add(fit(own));
        }
        return fits;
    }

    /** What one sample adds, by output. */
    private record Sums(double[] signal, double[] noise, boolean agrees) {}

    /** The outputs, and in place of a softmax what goes into it: its own result hides most of what is lost. */
    private List<Integer> compared() {
        return network.outputs().stream()
                .map(output -> {
                    FloatNode node = network.nodes().get(output);
                    return node.operation() instanceof FloatOperation.Softmax
                            ? node.inputs().getFirst()
                            : output;
                })
                .toList();
    }

    private Sums compare(Candidate candidate, float[][] expected, Tensor[] actual) {
        List<Integer> compared = compared();
        int count = compared.size();
        double[] signal = new double[count];
        double[] noise = new double[count];
        for (int output = 0; output < count; output++) {
            int node = compared.get(output);
            Tensor tensor = actual[candidate.model().graph().valueOf(candidate.steps()[node])];
            TensorScale scale = candidate.plan().scales().get(node);
            for (int i = 0; i < expected[node].length; i++) {
                double real = expected[node][i];
                double difference = scale.dequantise(tensor.get(i)) - real;
                signal[output] += real * real;
                noise[output] += difference * difference;
            }
        }
        int first = compared.getFirst();
        Tensor tensor = actual[candidate.model().graph().valueOf(candidate.steps()[first])];
        return new Sums(signal, noise, Quantising.best(expected[first]) == Quantising.best(tensor.toArray()));
    }

    private Fit fit(List<Sums> sums) {
        List<Double> outputs = new ArrayList<>();
        double total = 0;
        for (int output = 0; output < network.outputs().size(); output++) {
            double signal = 0;
            double noise = 0;
            for (Sums sample : sums) {
                signal += sample.signal[output];
                noise += sample.noise[output];
            }
            outputs.add(Quantising.decibels(signal, noise));
            total += outputs.getLast();
        }
        int agreeing = 0;
        for (Sums sample : sums) {
            agreeing += sample.agrees ? 1 : 0;
        }
        return new Fit(total / outputs.size(), List.copyOf(outputs), (double) agreeing / sums.size(), sums.size());
    }
}
