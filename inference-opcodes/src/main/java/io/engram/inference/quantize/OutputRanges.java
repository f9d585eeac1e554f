package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.TensorType;

/** What a clamp of real numbers is in integers. */
final class OutputRanges {

    private OutputRanges() {}

    static OutputRange of(TensorType type, TensorScale scale, Clamp clamp) {
        int low = clamp.low() == Float.NEGATIVE_INFINITY ? type.min() : scale.quantise(clamp.low(), type);
        int high = clamp.high() == Float.POSITIVE_INFINITY ? type.max() : scale.quantise(clamp.high(), type);
        return new OutputRange(type, scale.zeroPoint(), low, high);
    }
}
