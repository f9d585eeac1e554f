package io.engram.inference.onnx;

/**
 * What a convolution or dense layer multiplies by and adds. Arrays are never changed after construction.
 *
 * @param values the output channel is the last axis
 * @param bias one an output channel
 * @param steps where a file that is quantised already fixes them: for each output channel the number that its values
 *     are whole multiples of; otherwise empty
 */
public record Weights(float[] values, float[] bias, float[] steps) {

    private static final float[] FREE = {};

    /** Weights whose integer form is for the quantiser to choose. */
    public static Weights of(float[] values, float[] bias) {
        return new Weights(values, bias, FREE);
    }

    /** Output channels. */
    public int outputs() {
        return bias.length;
    }

    /** How many values each output channel has. */
    public int each() {
        return values.length / bias.length;
    }

    public boolean hasSteps() {
        return steps.length > 0;
    }

    /** The same layer followed by {@code y · scale + shift}, one of each an output channel. */
    public Weights then(float[] scale, float[] shift) {
        float[] newBias = new float[bias.length];
        float[] newSteps = new float[steps.length];
        for (int i = 0; i < newBias.length; i++) {
            newBias[i] = (float) ((double) bias[i] * scale[i] + shift[i]);
        }
        for (int i = 0; i < newSteps.length; i++) {
            newSteps[i] = steps[i] * Math.abs(scale[i]);
        }
        return new Weights(scaled(scale), newBias, newSteps);
    }

    public Weights withBias(float[] newBias) {
        return new Weights(values, newBias, steps);
    }

    Weights withValues(float[] newValues) {
        return new Weights(newValues, bias, steps);
    }

    private float[] scaled(float[] factors) {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] * factors[i % factors.length];
        }
        return result;
    }
}
