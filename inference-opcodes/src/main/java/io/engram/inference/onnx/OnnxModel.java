package io.engram.inference.onnx;

/**
 * An ONNX file's content, before any meaning is given to it.
 *
 * @param opset version of the standard operator set
 */
public record OnnxModel(long irVersion, long opset, String producer, OnnxGraph graph) {}
