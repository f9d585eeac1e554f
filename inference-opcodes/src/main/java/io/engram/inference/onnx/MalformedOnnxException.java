package io.engram.inference.onnx;

/** The bytes are no valid ONNX model: truncated, contradictory, or over a named limit of the reader. */
public final class MalformedOnnxException extends OnnxException {

    private static final long serialVersionUID = 1L;

    public MalformedOnnxException(String message) {
        super(message);
    }
}
