package io.engram.inference.quantize;

import io.engram.inference.onnx.Weights;
import io.engram.inference.operator.Rescale;

/**
 * The integers of a layer: weights with zero point 0 and a scale for each output channel.
 *
 * @param quantised in the float layer's order: output channel last
 */
record ChannelWeights(byte[] quantised, int[] bias, int[] multipliers, int[] shifts) {

    private static final int MAX_WEIGHT = 127;
    /** A quarter of the accumulator for the bias and as much for the sum, so that the static check always passes. */
    private static final double ACCUMULATOR = 1 << 29;

    private static final int MAX_DISTANCE = 255;

    static ChannelWeights of(Weights layer, TensorScale in, TensorScale out, WeightRounding rounding) {
        float[] weights = layer.values();
        float[] bias = layer.bias();
        int channels = layer.outputs();
        byte[] quantised = new byte[weights.length];
        int[] biases = new int[channels];
        int[] multipliers = new int[channels];
        int[] shifts = new int[channels];
        for (int channel = 0; channel < channels; channel++) {
            boolean fits = fits(layer, channel);
            double scale = fits ? layer.steps()[channel] : scale(weights, bias, in, out, channel);
            double[] exact = new double[layer.each()];
            for (int i = 0; i < exact.length; i++) {
                exact[i] = weights[i * channels + channel];
            }
            WeightRounding.Rounded rounded = (fits ? WeightRounding.NEAREST : rounding)
                    .round(channel, channels, exact, scale, fits ? Byte.MIN_VALUE : -MAX_WEIGHT, MAX_WEIGHT);
            for (int i = 0; i < exact.length; i++) {
                quantised[i * channels + channel] = (byte) rounded.levels()[i];
            }
            double unit = in.step() * rounded.scale();
            biases[channel] = (int) StrictMath.rint((bias[channel] + rounded.shift()) / unit);
            Rescale rescale = TensorScale.rescale(unit / out.step());
            multipliers[channel] = rescale.multiplier();
            shifts[channel] = rescale.shift();
        }
        return new ChannelWeights(quantised, biases, multipliers, shifts);
    }

    /** Whether the file's own integers can be kept: unsigned ones with a zero point off the middle may not be int8. */
    private static boolean fits(Weights layer, int channel) {
        for (int i = channel; layer.hasSteps() && i < layer.values().length; i += layer.outputs()) {
            double level = StrictMath.rint(layer.values()[i] / (double) layer.steps()[channel]);
            if (level < Byte.MIN_VALUE || level > Byte.MAX_VALUE) {
                return false;
            }
        }
        return layer.hasSteps();
    }

    /** As fine as the largest weight allows, but coarse enough for bias and sum to fit the accumulator. */
    private static double scale(float[] weights, float[] bias, TensorScale in, TensorScale out, int channel) {
        double largest = 0;
        double sum = 0;
        for (int i = channel; i < weights.length; i += bias.length) {
            largest = Math.max(largest, Math.abs(weights[i]));
            sum += Math.abs(weights[i]);
        }
        double scale = largest / MAX_WEIGHT;
        scale = Math.max(scale, Math.abs(bias[channel]) / (in.step() * ACCUMULATOR));
        scale = Math.max(scale, sum * MAX_DISTANCE / ACCUMULATOR);
        // A channel of zeros: any scale does.
        return scale == 0 ? out.step() / in.step() : scale;
    }

    /** The weights with the output channel first. */
    byte[] outputFirst() {
        int channels = bias.length;
        int each = quantised.length / channels;
        byte[] moved = new byte[quantised.length];
        for (int i = 0; i < quantised.length; i++) {
            moved[i % channels * each + i / channels] = quantised[i];
        }
        return moved;
    }
}
