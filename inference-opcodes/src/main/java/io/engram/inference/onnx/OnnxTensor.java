package io.engram.inference.onnx;

/**
 * A constant of an ONNX file.
 *
 * @param name unique in the graph, empty for an attribute's tensor
 * @param type the element type
 * @param shape dimensions; an empty array is a scalar
 * @param raw the elements in row-major order, little-endian; exactly product(shape) × width bytes
 */
public record OnnxTensor(String name, OnnxType type, int[] shape, byte[] raw) {

    /** @throws IllegalArgumentException if the length of {@code raw} does not fit */
    public OnnxTensor {
        if (raw.length != (long) count(shape) * type.width()) {
            throw new IllegalArgumentException("tensor '" + name + "' has " + raw.length + " bytes of data");
        }
    }

    public static OnnxTensor ofFloats(String name, int[] shape, float[] values) {
        byte[] raw = new byte[4 * values.length];
        for (int i = 0; i < values.length; i++) {
            LittleEndian.putInt(raw, 4 * i, Float.floatToRawIntBits(values[i]));
        }
        return new OnnxTensor(name, OnnxType.FLOAT, shape, raw);
    }

    public static OnnxTensor ofLongs(String name, int[] shape, long... values) {
        byte[] raw = new byte[8 * values.length];
        for (int i = 0; i < values.length; i++) {
            LittleEndian.putLong(raw, 8 * i, values[i]);
        }
        return new OnnxTensor(name, OnnxType.INT64, shape, raw);
    }

    public int count() {
        return raw.length / type.width();
    }

    /** The elements as floats, whatever the type. */
    public float[] floats() {
        float[] values = new float[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT -> Float.intBitsToFloat(LittleEndian.getInt(raw, 4 * i));
                case DOUBLE -> (float) Double.longBitsToDouble(LittleEndian.getLong(raw, 8 * i));
                case FLOAT16 -> Float.float16ToFloat(LittleEndian.getShort(raw, 2 * i));
                default -> (float) integer(i);
            };
        }
        return values;
    }

    /** The elements as integers; floating-point ones are truncated. */
    public long[] longs() {
        long[] values = new long[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT -> (long) Float.intBitsToFloat(LittleEndian.getInt(raw, 4 * i));
                case DOUBLE -> (long) Double.longBitsToDouble(LittleEndian.getLong(raw, 8 * i));
                case FLOAT16 -> (long) Float.float16ToFloat(LittleEndian.getShort(raw, 2 * i));
                default -> integer(i);
            };
        }
        return values;
    }

    private long integer(int i) {
        return switch (type) {
            case UINT8, BOOL -> raw[i] & 0xff;
            case INT8 -> raw[i];
            case UINT16 -> LittleEndian.getShort(raw, 2 * i) & 0xffff;
            case INT16 -> LittleEndian.getShort(raw, 2 * i);
            case INT32 -> LittleEndian.getInt(raw, 4 * i);
            default -> LittleEndian.getLong(raw, 8 * i);
        };
    }

    private static int count(int[] shape) {
        for (int size : shape) {
            if (size == 0) {
                return 0;
            }
        }
        int count = 1;
        for (int size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }
}
