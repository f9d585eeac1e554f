package io.engram.inference.transformer;

import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.quantize.Multipliers;
import io.engram.inference.tensor.TensorType;

/** The integers of a norm. */
record NormIntegers(int[] gains, int[] biases, Normalise.Epsilon epsilon, Rescale rescale) {

    private static final double MAX_BIAS = 1 << 30;

    /** A normalised element is below (⌊√65536⌋ + 1)·2^15, a gain below 2^15, a bias at most 2^30. */
    private static final long BOUND = (257L << 30) + (1L << 30);

    static NormIntegers of(SequenceOperation.Norm norm, double inputStep, double outputStep) {
        double largestGain = 0;
        double largestBias = 0;
        int width = norm.gains().length;
        for (int i = 0; i < width; i++) {
            largestGain = Math.max(largestGain, Math.abs(norm.gains()[i]));
            largestBias = Math.max(largestBias, Math.abs(norm.biases()[i]));
        }
        // A unit of the sum is a unit of the gain less the fraction bits of the normalised element.
        double fraction = 1 << Normalise.FRACTION_BITS;
        double step = Math.max(largestGain / TensorType.INT16.max(), largestBias * fraction / MAX_BIAS);
        step = step > 0 ? step : 1;
        int[] gains = new int[width];
        int[] biases = new int[width];
        for (int i = 0; i < width; i++) {
            gains[i] = (int) StrictMath.rint(norm.gains()[i] / step);
            biases[i] = (int) StrictMath.rint(norm.biases()[i] * fraction / step);
        }
        return new NormIntegers(
                gains,
                biases,
                epsilon(norm.epsilon() / (inputStep * inputStep) * width * width),
                Multipliers.of(step / fraction / outputStep, BOUND));
    }

    private static Normalise.Epsilon epsilon(double value) {
        int shift = Math.max(0, Math.getExponent(value) - 29);
        return new Normalise.Epsilon((int) StrictMath.rint(StrictMath.scalb(value, -shift)), shift);
    }
}
