package io.engram.inference.quantize;

import io.engram.inference.onnx.Weights;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;

/**
 * The integers of a dense layer on int16: weights with the output channel first, biases less
 * {@code biasShift} bits, and how each channel is rescaled.
 */
public record DenseIntegers(byte[] weights, int[] bias, int biasShift, int[] multipliers, int[] shifts) {

    private static final int MAX_WEIGHT = 127;
    private static final double MAX_BIAS = 1 << 30;

    /** @param levels what a row's largest element becomes, or 1 where rows are not scaled */
    public static DenseIntegers of(Weights layer, double inputStep, double outputStep, int levels) {
        return of(layer, inputStep, outputStep, levels, WeightRounding.NEAREST);
    }

    static DenseIntegers of(Weights layer, double inputStep, double outputStep, int levels, WeightRounding rounding) {
        int outputs = layer.outputs();
        int inputs = layer.each();
        double[] units = new double[outputs];
        byte[] weights = new byte[layer.values().length];
        double[] biases = new double[outputs];
        double largestBias = 0;
        for (int channel = 0; channel < outputs; channel++) {
            double step = layer.hasSteps() ? layer.steps()[channel] : largest(layer, channel) / MAX_WEIGHT;
            step = step > 0 ? step : 1;
            double[] exact = new double[inputs];
            for (int i = 0; i < inputs; i++) {
                exact[i] = layer.values()[i * outputs + channel];
            }
            WeightRounding.Rounded rounded = (layer.hasSteps() ? WeightRounding.NEAREST : rounding)
                    .round(channel, outputs, exact, step, Byte.MIN_VALUE, Byte.MAX_VALUE);
            for (int i = 0; i < inputs; i++) {
                weights[channel * inputs + i] = (byte) rounded.levels()[i];
            }
            units[channel] = rounded.scale() * inputStep / levels;
            biases[channel] = layer.bias()[channel] + rounded.shift();
            largestBias = Math.max(largestBias, Math.abs(biases[channel] / units[channel]));
        }
        int biasShift = Math.max(0, Math.getExponent(largestBias / MAX_BIAS) + 1);
        int[] bias = new int[outputs];
        int[] multipliers = new int[outputs];
        int[] shifts = new int[outputs];
        for (int channel = 0; channel < outputs; channel++) {
            bias[channel] = (int) StrictMath.rint(biases[channel] / StrictMath.scalb(units[channel], biasShift));
            long sum = 0;
            for (int i = channel * inputs; i < (channel + 1) * inputs; i++) {
                sum += Math.abs((int) weights[i]);
            }
            BigInteger bound = BigInteger.valueOf(sum * levels * TensorType.INT16.max())
                    .add(BigInteger.valueOf(Math.abs((long) bias[channel])).shiftLeft(biasShift));
            Rescale rescale = Multipliers.of(units[channel] / outputStep, bound);
            multipliers[channel] = rescale.multiplier();
            shifts[channel] = rescale.shift();
        }
        return new DenseIntegers(weights, bias, biasShift, multipliers, shifts);
    }

    private static double largest(Weights layer, int channel) {
        double largest = 0;
        for (int i = channel; i < layer.values().length; i += layer.outputs()) {
            largest = Math.max(largest, Math.abs(layer.values()[i]));
        }
        return largest;
    }
}
