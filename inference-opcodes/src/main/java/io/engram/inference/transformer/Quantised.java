package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxTensor;
import java.util.List;

/** Constants that a file keeps as integers with one scale and zero point. */
record Quantised(OnnxTensor integers, double scale, long zeroPoint) {

    /** The operands of DequantizeLinear: integers, scale, zero point if given. */
    static Quantised of(List<OnnxTensor> operands) {
        if (operands.get(1).count() != 1) {
            throw new IllegalArgumentException("a scale for each channel");
        }
        return new Quantised(
                operands.get(0),
                operands.get(1).floats()[0],
                operands.size() > 2 ? operands.get(2).longs()[0] : 0);
    }

    static OnnxTensor dequantise(String name, List<OnnxTensor> operands) {
        Quantised quantised = of(operands);
        return OnnxTensor.ofFloats(name, operands.get(0).shape(), quantised.floats());
    }

    float[] floats() {
        long[] levels = integers.longs();
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((levels[i] - zeroPoint) * scale);
        }
        return values;
    }
}
