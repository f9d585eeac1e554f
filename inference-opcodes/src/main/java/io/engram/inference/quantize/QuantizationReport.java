package io.engram.inference.quantize;

import io.engram.inference.model.Scale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * What quantisation cost, measured on calibration samples.
 *
 * @param method how the ranges were chosen
 * @param equalisation 0 where channels keep their scales, up to 1 where all of a tensor are made equally large
 * @param wide which results are int16
 * @param biasesCorrected whether biases take away what rounding shifts
 * @param samples that were measured
 * @param layers in step order
 * @param outputs signal-to-noise ratio of each output in dB; of a softmax that of its input, since its result hides most
 * @param outputDecibels their mean
 * @param agreement share of samples whose largest first output is the same element in both networks
 */
public record QuantizationReport(
        RangeMethod method,
        double equalisation,
        WideValues wide,
        boolean biasesCorrected,
        int samples,
        List<Layer> layers,
        List<Double> outputs,
        double outputDecibels,
        double agreement) {

    /**
     * One step.
     *
     * @param name of the ONNX value
     * @param operator mnemonic of the integer operator
     * @param scale and zero point of its integers; those of an equalised channel are smaller by the channel's factor
     * @param low least value that the float network took
     * @param high greatest value that the float network took
     * @param saturation share of values beyond what the integers can say
     * @param decibels signal-to-noise ratio of its result against the float network; infinite where they are equal
     */
    public record Layer(
            String name,
            String operator,
            TensorType type,
            Shape shape,
            Scale scale,
            int zeroPoint,
            double low,
            double high,
            double saturation,
            double decibels) {}

    public QuantizationReport {
        layers = List.copyOf(layers);
        outputs = List.copyOf(outputs);
    }
}
