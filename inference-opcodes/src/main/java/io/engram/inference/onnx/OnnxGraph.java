package io.engram.inference.onnx;

import java.util.List;
import java.util.Map;

/**
 * A graph as the file holds it.
 *
 * @param nodes in file order
 * @param initializers constants by name, in file order
 */
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        Map<String, OnnxTensor> initializers,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs) {}
