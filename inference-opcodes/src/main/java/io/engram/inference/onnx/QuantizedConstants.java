package io.engram.inference.onnx;

import java.util.Arrays;

/** Constants from real numbers to integers and back, as {@code QuantizeLinear} and {@code DequantizeLinear} say. */
final class QuantizedConstants {

    private QuantizedConstants() {}

    /**
     * A constant's scales and zero points along an axis.
     *
     * @param zeroPoints as many as scales
     */
    record Scaling(float[] scales, long[] zeroPoints, int axis) {

        int place(int[] shape, int index) {
            if (scales.length == 1) {
                return 0;
            }
            int inner = 1;
            for (int i = axis + 1; i < shape.length; i++) {
                inner *= shape[i];
            }
            return index / inner % scales.length;
        }
    }

    /** Reads scales and zero points from two inputs, the second of which may be missing. */
    static Scaling scaling(NodeReader reader, int scaleInput, int zeroInput, int[] shape, long axis)
            throws OnnxException {
        float[] scales = reader.constant(scaleInput).floats();
        requirePositive(reader, scales);
        long[] zeroPoints = reader.has(zeroInput) ? reader.constant(zeroInput).longs() : new long[scales.length];
        if (zeroPoints.length == 1 && scales.length > 1) {
            long only = zeroPoints[0];
            zeroPoints = new long[scales.length];
            Arrays.fill(zeroPoints, only);
        }
        int own = scales.length == 1 ? 0 : reader.axis(axis, shape.length);
        if (zeroPoints.length != scales.length || (scales.length > 1 && scales.length != shape[own])) {
            throw reader.malformed("scales and zero points do not fit " + Arrays.toString(shape));
        }
        return new Scaling(scales, zeroPoints, own);
    }

    static void requirePositive(NodeReader reader, float[] scales) throws OnnxException {
        for (float scale : scales) {
            if (!(scale > 0) || !Float.isFinite(scale)) {
                throw reader.malformed("a scale of " + scale);
            }
        }
        if (scales.length == 0) {
            throw reader.malformed("no scale");
        }
    }

    static float[] dequantise(OnnxTensor integers, Scaling scaling) {
        long[] levels = integers.longs();
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            int place = scaling.place(integers.shape(), i);
            values[i] = (float) ((double) (levels[i] - scaling.zeroPoints()[place]) * scaling.scales()[place]);
        }
        return values;
    }

    static OnnxTensor quantise(OnnxTensor real, Scaling scaling, OnnxType type) {
        float[] values = real.floats();
        byte[] raw = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            int place = scaling.place(real.shape(), i);
            double level = StrictMath.rint((double) values[i] / scaling.scales()[place]) + scaling.zeroPoints()[place];
            boolean unsigned = type == OnnxType.UINT8;
            raw[i] = (byte) Math.clamp(level, unsigned ? 0.0 : Byte.MIN_VALUE, unsigned ? 255.0 : Byte.MAX_VALUE);
        }
        return new OnnxTensor("", type, real.shape(), raw);
    }
}
