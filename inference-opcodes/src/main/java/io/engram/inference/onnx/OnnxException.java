package io.engram.inference.onnx;

/** Why an ONNX file cannot become a model. Every failure of this package on outside data is one of the permitted two. */
public abstract sealed class OnnxException extends Exception
        permits MalformedOnnxException, UnsupportedOperatorException {

    private static final long serialVersionUID = 1L;

    OnnxException(String message) {
        super(message);
    }
}
