package io.engram.inference.transformer;

import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.quantize.TensorScale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Compares the integer network with the float one, value by value. */
final class SequenceCheck {

    private SequenceCheck() {}

    /** @param numbers the model's value number of each node, −1 where it has none */
    static SequenceReport report(
            SequenceGraph network, SequencePlan plan, Model model, int[] numbers, TokenSamples samples, int limit)
            throws IOException {
        SequenceInterpreter floats = new SequenceInterpreter(network);
        ModelProgram integers = new ReferenceBackend().prepare(model);
        int count = Math.min(samples.count(), limit);
        int output = network.outputs().getFirst();
        double[] signal = new double[numbers.length];
        double[] noise = new double[numbers.length];
        double cosines = 0;
        for (int sample = 0; sample < count; sample++) {
            List<int[]> inputs = samples.sample(network, sample);
            float[][] expected = floats.run(inputs);
            Tensor[] actual = run(model.graph(), integers, network, plan, inputs);
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] < 0) {
                    continue;
                }
                TensorScale scale = plan.scales().get(i);
                for (int at = 0; at < expected[i].length; at++) {
                    double real = expected[i][at];
                    double difference = scale.dequantise(actual[numbers[i]].get(at)) - real;
                    signal[i] += real * real;
                    noise[i] += difference * difference;
                }
            }
            cosines += Embeddings.cosine(expected[output], levels(actual[numbers[output]]));
        }
        List<SequenceReport.Layer> layers = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            SequenceGraph.Node node = network.nodes().get(i);
            if (numbers[i] >= model.graph().valueOf(0)) {
                layers.add(new SequenceReport.Layer(
                        node.name(),
                        node.operation().getClass().getSimpleName(),
                        plan.types().get(i),
                        Shape.of(node.shape()),
                        plan.step(i),
                        noise[i] == 0 ? Double.POSITIVE_INFINITY : 10 * StrictMath.log10(signal[i] / noise[i])));
            }
        }
        return new SequenceReport(count, layers, cosines / count);
    }

    private static Tensor[] run(
            Graph graph, ModelProgram program, SequenceGraph network, SequencePlan plan, List<int[]> inputs) {
        Tensor[] values = new Tensor[graph.values()];
        for (int i = 0; i < graph.valueOf(0); i++) {
            values[i] = graph.isInput(i)
                    ? Tensor.of(
                            plan.types().get(network.inputs().get(i)),
                            graph.inputs().get(i).shape(),
                            inputs.get(i))
                    : graph.constant(i);
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            List<Tensor> operands = graph.nodes().get(i).inputs().stream()
                    .map(value -> values[value])
                    .toList();
            values[graph.valueOf(i)] = program.step(i, operands);
        }
        return values;
    }

    private static float[] levels(Tensor tensor) {
        float[] levels = new float[tensor.shape().elements()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = tensor.get(i);
        }
        return levels;
    }
}
