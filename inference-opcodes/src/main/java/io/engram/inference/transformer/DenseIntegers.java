package io.engram.inference.transformer;

import io.engram.inference.onnx.Weights;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;

/**
 * The integers of a dense layer on int16: weights with the output channel first, biases less
 * {@code biasShift} bits, and how each channel is rescaled.
 */
record DenseIntegers(byte[] weights, int[] bias, int biasShift, int[] multipliers, int[] shifts) {

    private static final int MAX_WEIGHT = 127;
    private static final double MAX_BIAS = 1 << 30;

    /** @param levels what a row's largest element becomes, or 1 where rows are not scaled */
    static DenseIntegers of(Weights layer, double inputStep, double outputStep, int levels) {
        int outputs = layer.outputs();
        int inputs = layer.each();
        double[] units = new double[outputs];
        byte[] weights = new byte[layer.values().length];
        double largestBias = 0;
        for (int channel = 0; channel < outputs; channel++) {
            double step = layer.hasSteps() ? layer.steps()[channel] : largest(layer, channel) / MAX_WEIGHT;
            step = step > 0 ? step : 1;
            units[channel] = step * inputStep / levels;
            for (int i = 0; i < inputs; i++) {
                double level = StrictMath.rint(layer.values()[i * outputs + channel] / step);
                weights[channel * inputs + i] = (byte) Math.clamp(level, Byte.MIN_VALUE, Byte.MAX_VALUE);
            }
            largestBias = Math.max(largestBias, Math.abs(layer.bias()[channel] / units[channel]));
        }
        int biasShift = Math.max(0, Math.getExponent(largestBias / MAX_BIAS) + 1);
        int[] bias = new int[outputs];
        int[] multipliers = new int[outputs];
        int[] shifts = new int[outputs];
        for (int channel = 0; channel < outputs; channel++) {
            bias[channel] = (int) StrictMath.rint(layer.bias()[channel] / StrictMath.scalb(units[channel], biasShift));
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
