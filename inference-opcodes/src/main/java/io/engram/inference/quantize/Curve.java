package io.engram.inference.quantize;

import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.TensorType;
import java.util.function.DoubleUnaryOperator;

/**
 * A function as {@link Interpolate} computes it.
 *
 * @param points the function at each point of the table, in the finest int16 that holds them all
 * @param rescale from interpolated points to the result
 */
public record Curve(int[] points, Rescale rescale) {

    /** What an interpolated point stays below. */
    private static final long BOUND = 1L << 30;

    /**
     * The function of an int16 with zero point 0.
     *
     * @throws ArithmeticException if it has no value somewhere
     */
    public static Curve of(DoubleUnaryOperator function, double inputStep, double outputStep) {
        double[] values = new double[Interpolate.POINTS];
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            double x = ((i << Interpolate.STEP_BITS) - Interpolate.OFFSET) * inputStep;
            values[i] = function.applyAsDouble(x);
            if (!Double.isFinite(values[i])) {
                throw new ArithmeticException("the function has no value at " + x);
            }
            largest = Math.max(largest, Math.abs(values[i]));
        }
        TensorScale scale = TensorScale.int16(largest);
        int[] points = new int[values.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = scale.quantise(values[i], TensorType.INT16);
        }
        return new Curve(points, Multipliers.of(scale.step() / (1 << Interpolate.STEP_BITS) / outputStep, BOUND));
    }
}
