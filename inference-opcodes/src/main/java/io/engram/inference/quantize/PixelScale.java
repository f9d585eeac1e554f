package io.engram.inference.quantize;

/**
 * How a pixel p, 0 to 255, becomes the number that the network was trained on: {@code p · scale + offset}. The model's
 * input is the byte {@code p − 128} with this scale, so call data is the pixel bytes with the top bit flipped.
 *
 * @param scale positive
 * @param offset what a black pixel is
 */
public record PixelScale(double scale, double offset) {

    /** 0 to 1. */
    public static final PixelScale UNIT = new PixelScale(1.0 / 255, 0);
    /** −1 to 1. */
    public static final PixelScale SIGNED = new PixelScale(2.0 / 255, -1);
    /** 0 to 255. */
    public static final PixelScale RAW = new PixelScale(1, 0);

    public PixelScale {
        if (!(scale > 0) || !Double.isFinite(scale) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("pixel scale " + scale + ", offset " + offset);
        }
        // Padding is zero, so zero must be one of the 256 integers.
        if (zeroPoint(scale, offset) < Byte.MIN_VALUE || zeroPoint(scale, offset) > Byte.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "zero lies outside what pixels mean: scale " + scale + ", offset " + offset);
        }
    }

    float apply(byte pixel) {
        return (float) ((pixel & 0xff) * scale + offset);
    }

    /** The int8 quantisation of which {@code p − 128} is the value, its zero point rounded. */
    TensorScale quantisation() {
        return TensorScale.of(scale, (int) zeroPoint(scale, offset));
    }

    private static double zeroPoint(double scale, double offset) {
        return StrictMath.floor(-128 - offset / scale + 0.5);
    }
}
