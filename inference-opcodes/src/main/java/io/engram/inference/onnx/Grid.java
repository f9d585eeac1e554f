package io.engram.inference.onnx;

/**
 * The 256 numbers that a quantised file allows a value: {@code (q − zeroPoint) · scale} for every q of the type.
 *
 * @param scale positive
 * @param type {@code INT8} or {@code UINT8}
 */
public record Grid(float scale, int zeroPoint, OnnxType type) {

    private static final int UNSIGNED_OFFSET = 128;

    /** The zero point after unsigned integers are moved down by 128, which is how models hold them. */
    public int signedZeroPoint() {
        return type == OnnxType.UINT8 ? zeroPoint - UNSIGNED_OFFSET : zeroPoint;
    }

    /** The nearest of the numbers; halves go to the even integer, as {@code QuantizeLinear} says. */
    public float round(float value) {
        double level = StrictMath.rint((double) value / scale) + zeroPoint;
        return (float) ((Math.clamp(level, low(), high()) - zeroPoint) * scale);
    }

    private double low() {
        return type == OnnxType.UINT8 ? 0 : Byte.MIN_VALUE;
    }

    private double high() {
        return type == OnnxType.UINT8 ? 0xff : Byte.MAX_VALUE;
    }
}
