package io.engram.inference.transformer;

import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * What quantisation cost, measured on calibration samples.
 *
 * @param layers in the order of the steps
 * @param cosine mean cosine between the outputs of the integer and the float network
 */
public record SequenceReport(int samples, List<Layer> layers, double cosine) {

    /**
     * One value.
     *
     * @param name of the ONNX value
     * @param operation what it is made by
     * @param scale what one step of the integer stands for
     * @param decibels signal-to-noise ratio against the float network; infinite where they are equal
     */
    public record Layer(String name, String operation, TensorType type, Shape shape, double scale, double decibels) {}

    public SequenceReport {
        layers = List.copyOf(layers);
    }
}
