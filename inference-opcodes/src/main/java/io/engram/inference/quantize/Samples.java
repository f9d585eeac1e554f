package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Calibration samples as a network's inputs: for each sample one array an input. */
final class Samples {

    private Samples() {}

    /** @throws IOException if a sample does not fit its input, or the inputs have different numbers of samples */
    static List<List<float[]>> bind(FloatGraph network, List<CalibrationData> calibration, PixelScale pixels)
            throws IOException {
        if (network.inputs().size() != calibration.size()) {
            throw new IOException("calibration data for " + calibration.size() + " inputs; the network has "
                    + network.inputs().size());
        }
        List<List<float[]>> bound = new ArrayList<>();
        for (int i = 0; i < calibration.size(); i++) {
            FloatNode input = network.nodes().get(network.inputs().get(i));
            boolean moved = input.operation() instanceof FloatOperation.Input(boolean channelsMoved) && channelsMoved;
            bound.add(calibration.get(i).bind(new InputForm(input.shape(), moved), pixels));
            if (bound.get(i).size() != bound.getFirst().size()) {
                throw new IOException("inputs with different numbers of calibration samples");
            }
        }
        List<List<float[]>> samples = new ArrayList<>();
        for (int sample = 0; sample < bound.getFirst().size(); sample++) {
            List<float[]> inputs = new ArrayList<>();
            for (List<float[]> input : bound) {
                inputs.add(input.get(sample));
            }
            samples.add(inputs);
        }
        return samples;
    }

    /** In an order that depends on what they hold alone. */
    static List<List<float[]>> sorted(List<List<float[]>> samples) {
        return samples.stream().sorted(Samples::compare).toList();
    }

    private static int compare(List<float[]> a, List<float[]> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = Arrays.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
