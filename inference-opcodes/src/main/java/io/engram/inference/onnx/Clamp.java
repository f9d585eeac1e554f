package io.engram.inference.onnx;

/** The interval an operator's result is clamped to; infinite ends clamp nothing. */
public record Clamp(float low, float high) {

    public static final Clamp NONE = new Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

    public boolean isNone() {
        return low == Float.NEGATIVE_INFINITY && high == Float.POSITIVE_INFINITY;
    }

    public float apply(float value) {
        return value < low ? low : value > high ? high : value;
    }

    /** This clamp, then {@code next}. */
    Clamp then(Clamp next) {
        return new Clamp(next.apply(low), next.apply(high));
    }
}
