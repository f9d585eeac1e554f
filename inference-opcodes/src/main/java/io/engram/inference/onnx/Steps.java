package io.engram.inference.onnx;

import java.util.Arrays;

/**
 * What the numbers of a constant that was dequantised are whole multiples of.
 *
 * @param values one for all, or one for each place along {@code axis}
 */
record Steps(float[] values, int axis) {

    boolean isOne() {
        return values.length == 1;
    }

    /** One step for each of {@code count} output channels along {@code channel}; empty where the file has them otherwise. */
    float[] along(int channel, int count) {
        if (isOne()) {
            float[] all = new float[count];
            Arrays.fill(all, values[0]);
            return all;
        }
        return axis == channel && values.length == count ? values : new float[0];
    }
}
