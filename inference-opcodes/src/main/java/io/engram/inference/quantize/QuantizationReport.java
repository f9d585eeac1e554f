package io.engram.inference.quantize;

import io.engram.inference.model.Scale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * What quantisation cost, measured on calibration samples.
 *
 * @param method how the ranges were chosen
 * @param samples that were measured
 * @param layers in step order
 * @param outputDecibels signal-to-noise ratio of all outputs together
 * @param agreement share of samples whose largest first output is the same element in both networks
 */
public record QuantizationReport(
        RangeMethod method, int samples, List<Layer> layers, double outputDecibels, double agreement) {

    /**
     * One step.
     *
     * @param name of the ONNX value
     * @param operator mnemonic of the integer operator
     * @param decibels signal-to-noise ratio of its result against the float network; infinite where they are equal
     */
    public record Layer(
            String name, String operator, TensorType type, Shape shape, Scale scale, int zeroPoint, double decibels) {}

    public QuantizationReport {
        layers = List.copyOf(layers);
    }
}
