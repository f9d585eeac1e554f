package io.engram.inference.onnx;

/** Element types of {@code TensorProto} that the reader understands, with their code and width in bytes. */
public enum OnnxType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8);

    private final int code;
    private final int width;

    OnnxType(int code, int width) {
        this.code = code;
        this.width = width;
    }

    public int code() {
        return code;
    }

    public int width() {
        return width;
    }

    static OnnxType of(String tensor, long code) throws UnsupportedOperatorException {
        for (OnnxType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new UnsupportedOperatorException(tensor, "TensorProto", "element type " + code + " is not readable here");
    }
}
