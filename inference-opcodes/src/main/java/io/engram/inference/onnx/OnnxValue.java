package io.engram.inference.onnx;

import java.util.List;

/**
 * A graph's input or output.
 *
 * @param type element type code of {@code TensorProto}, 0 where the value is no tensor
 * @param shape dimensions, −1 for one that is symbolic or unset; empty also where no shape is given
 */
public record OnnxValue(String name, int type, List<Long> shape) {}
