package io.engram.inference.quantize;

import io.engram.inference.model.Scale;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.TensorType;

/**
 * What the integers of a tensor mean: {@code real = (q − zeroPoint) · scale}. The scale is kept as an integer mantissa
 * and a power of two, so that no two machines differ about it.
 */
public record TensorScale(Scale scale, int zeroPoint) {

    public static final TensorScale ONE = new TensorScale(Scale.ONE, 0);

    private static final int MANTISSA_BITS = 30;
    private static final int LEVELS = 255;
    private static final double SMALLEST = 0x1p-60;

    /** The nearest scale with a 31-bit mantissa. */
    public static TensorScale of(double scale, int zeroPoint) {
        int exponent = Math.getExponent(scale) - MANTISSA_BITS;
        long mantissa = StrictMath.round(StrictMath.scalb(scale, -exponent));
        if (mantissa == 1L << (MANTISSA_BITS + 1)) {
            mantissa >>= 1;
            exponent++;
        }
        return new TensorScale(new Scale((int) mantissa, exponent), zeroPoint);
    }

    /** int8 for {@code [low, high]}, stretched to hold zero, which gets an integer of its own. */
    public static TensorScale int8(double low, double high) {
        double bottom = Math.min(low, 0);
        double top = Math.max(high, 0);
        double step = top > bottom ? Math.max((top - bottom) / LEVELS, SMALLEST) : 1.0 / LEVELS;
        long zeroPoint = StrictMath.round(-128 - bottom / step);
        return of(step, Math.clamp(zeroPoint, Byte.MIN_VALUE, Byte.MAX_VALUE));
    }

    /** int16, symmetric, for magnitudes up to {@code top}. */
    public static TensorScale int16(double top) {
        return of(Math.max(top / TensorType.INT16.max(), SMALLEST), 0);
    }

    public double step() {
        return scale.toDouble();
    }

    /** The integer nearest to {@code real}, clamped to the type. */
    public int quantise(double real, TensorType type) {
        double level = StrictMath.rint(real / step()) + zeroPoint;
        return (int) Math.clamp(level, (double) type.min(), (double) type.max());
    }

    public double dequantise(int level) {
        return ((long) level - zeroPoint) * step();
    }

    /**
     * {@code M · 2^−s} nearest to {@code ratio}.
     *
     * @throws ArithmeticException if no shift from 1 to 62 can express it
     */
    public static Rescale rescale(double ratio) {
        int shift = MANTISSA_BITS - Math.getExponent(ratio);
        long multiplier = StrictMath.round(StrictMath.scalb(ratio, Math.min(shift, Rescale.MAX_SHIFT)));
        shift = Math.min(shift, Rescale.MAX_SHIFT);
        if (multiplier == 1L << (MANTISSA_BITS + 1)) {
            multiplier >>= 1;
            shift--;
        }
        if (shift < 1 || !Double.isFinite(ratio)) {
            throw new ArithmeticException("scales too far apart: ratio " + ratio);
        }
        return new Rescale((int) multiplier, shift);
    }
}
