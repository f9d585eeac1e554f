package io.engram.inference.tensor;

import java.util.Optional;

/** The element types. {@code INT16} leaves out −32768 (protocol A2). */
public enum TensorType {
    INT8(1, 1, Byte.MIN_VALUE, Byte.MAX_VALUE),
    INT16(2, 2, -Short.MAX_VALUE, Short.MAX_VALUE),
    INT32(3, 4, Integer.MIN_VALUE, Integer.MAX_VALUE);

    private final int code;
    private final int bytes;
    private final int min;
    private final int max;

    TensorType(int code, int bytes, int min, int max) {
        this.code = code;
        this.bytes = bytes;
        this.min = min;
        this.max = max;
    }

    /** The number that stands for this type in files and commitments. */
    public int code() {
        return code;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Smallest element. */
    public int min() {
        return min;
    }

    /** Largest element. */
    public int max() {
        return max;
    }

    public boolean holds(long value) {
        return value >= min && value <= max;
    }

    public static Optional<TensorType> ofCode(int code) {
        return switch (code) {
            case 1 -> Optional.of(INT8);
            case 2 -> Optional.of(INT16);
            case 3 -> Optional.of(INT32);
            default -> Optional.empty();
        };
    }
}
