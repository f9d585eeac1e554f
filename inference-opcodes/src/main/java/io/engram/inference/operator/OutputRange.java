package io.engram.inference.operator;

import io.engram.inference.tensor.TensorType;

/**
 * How an operator ends: the zero point is added and the sum clamped to {@code [lo, hi]}.
 *
 * @param type of the result
 * @param zeroPoint added to the rescaled value
 * @param lo smallest result
 * @param hi largest result
 */
public record OutputRange(TensorType type, int zeroPoint, int lo, int hi) {

    public OutputRange {
        if (lo > hi || !type.holds(lo) || !type.holds(hi) || !type.holds(zeroPoint)) {
            throw new IllegalArgumentException(
                    type + " output with zero point " + zeroPoint + " in [" + lo + ", " + hi + "]");
        }
    }

    /** The whole range of int8. */
    public static OutputRange int8(int zeroPoint) {
        return new OutputRange(TensorType.INT8, zeroPoint, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    /** Part of the range of int8, as for a fused activation. */
    public static OutputRange int8(int zeroPoint, int lo, int hi) {
        return new OutputRange(TensorType.INT8, zeroPoint, lo, hi);
    }
}
