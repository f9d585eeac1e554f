package io.engram.inference.quantize;

import io.engram.inference.engine.Backend;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxImporter;
import io.engram.inference.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A float network and a model made from it, side by side on data.
 *
 * @param outputs in the file's order
 * @param floatBest for each sample the index of the largest element of the first output of the float network
 * @param integerBest the same of the model
 */
public record ModelComparison(List<Output> outputs, List<Integer> floatBest, List<Integer> integerBest) {

    /**
     * One output.
     *
     * @param name of the ONNX value
     * @param decibels signal-to-noise ratio over all samples; infinite where all is equal
     * @param largestError largest difference of two elements
     */
    public record Output(String name, double decibels, double largestError) {}

    public ModelComparison {
        outputs = List.copyOf(outputs);
        floatBest = List.copyOf(floatBest);
        integerBest = List.copyOf(integerBest);
    }

    /** Share of samples with the same largest element. */
    public double agreement() {
        return accuracy(floatBest, integerBest);
    }

    /** Share of places where two lists of labels are equal. */
    public static double accuracy(List<Integer> actual, List<Integer> expected) {
        int equal = 0;
        for (int i = 0; i < actual.size(); i++) {
            equal += actual.get(i).equals(expected.get(i)) ? 1 : 0;
        }
        return (double) equal / actual.size();
    }

    /**
     * Runs both networks.
     *
     * @param data for each input
     * @param options pixels, shapes and threads count
     * @throws OnnxException if the file is malformed or not supported
     * @throws IOException if the data do not fit the network, or the model has other inputs or outputs than it
     */
    public static ModelComparison of(
            byte[] onnx, Model model, List<CalibrationData> data, ImportOptions options, Backend backend)
            throws OnnxException, IOException {
        FloatGraph network = OnnxImporter.importGraph(OnnxDecoder.decode(onnx), options.shapes());
        requireSameForm(network, model);
        List<List<float[]>> samples = Samples.bind(network, data, options.pixels());
        IntegerInterpreter integers = new IntegerInterpreter(model, backend);
        List<List<Sums>> parts = SampleRange.split(samples.size(), options.threads(), range -> {
            FloatInterpreter floats = new FloatInterpreter(network);
            List<Sums> sums = new ArrayList<>();
            for (int i = range.from(); i < range.to(); i++) {
                float[][] expected = floats.run(samples.get(i));
                sums.add(compare(network, model, expected, integers.run(inputs(model, samples.get(i)))));
            }
            return sums;
        });
        List<Sums> all = new ArrayList<>();
        parts.forEach(all::addAll);
        return summary(network, all);
    }

    /** What one sample gave, by output. */
    private record Sums(double[] signal, double[] noise, double[] largest, int floatBest, int integerBest) {}

    private static List<Tensor> inputs(Model model, List<float[]> sample) {
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
            GraphInput input = model.graph().inputs().get(i);
            TensorScale scale = new TensorScale(input.scale(), input.zeroPoint());
            Tensor tensor = Quantising.tensor(sample.get(i), ChannelMap.IDENTITY, scale, input.type(), input.shape());
            inputs.add(tensor);
        }
        return inputs;
    }

    private static Sums compare(FloatGraph network, Model model, float[][] expected, Tensor[] actual) {
        int count = network.outputs().size();
        double[] signal = new double[count];
        double[] noise = new double[count];
        double[] largest = new double[count];
        for (int output = 0; output < count; output++) {
            float[] reals = expected[network.outputs().get(output)];
            GraphOutput place = model.graph().outputs().get(output);
            TensorScale scale = new TensorScale(place.scale(), place.zeroPoint());
            for (int i = 0; i < reals.length; i++) {
                double difference = scale.dequantise(actual[place.value()].get(i)) - reals[i];
                signal[output] += (double) reals[i] * reals[i];
                noise[output] += difference * difference;
                largest[output] = Math.max(largest[output], Math.abs(difference));
            }
        }
        float[] first = expected[network.outputs().getFirst()];
        int[] levels = actual[model.graph().outputs().getFirst().value()].toArray();
        return new Sums(signal, noise, largest, Quantising.best(first), Quantising.best(levels));
    }

    private static ModelComparison summary(FloatGraph network, List<Sums> all) {
        List<Output> outputs = new ArrayList<>();
        for (int output = 0; output < network.outputs().size(); output++) {
            double signal = 0;
            double noise = 0;
            double largest = 0;
            for (Sums sums : all) {
                signal += sums.signal[output];
                noise += sums.noise[output];
                largest = Math.max(largest, sums.largest[output]);
            }
            String name = network.nodes().get(network.outputs().get(output)).name();
            outputs.add(new Output(name, Quantising.decibels(signal, noise), largest));
        }
        return new ModelComparison(
                outputs,
                all.stream().map(Sums::floatBest).toList(),
                all.stream().map(Sums::integerBest).toList());
    }

    private static void requireSameForm(FloatGraph network, Model model) throws IOException {
        boolean same = network.inputs().size() == model.graph().inputs().size()
                && network.outputs().size() == model.graph().outputs().size();
        for (int i = 0; same && i < network.inputs().size(); i++) {
            int[] own = network.nodes().get(network.inputs().get(i)).shape();
            same = Arrays.equals(own, model.graph().inputs().get(i).shape().toArray());
        }
        for (int i = 0; same && i < network.outputs().size(); i++) {
            int[] own = network.nodes().get(network.outputs().get(i)).shape();
            int value = model.graph().outputs().get(i).value();
            same = Arrays.equals(own, model.value(value).shape().toArray());
        }
        if (!same) {
            throw new IOException("the model has other inputs or outputs than the network");
        }
    }
}
