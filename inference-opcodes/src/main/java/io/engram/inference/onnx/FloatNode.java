package io.engram.inference.onnx;

import java.util.List;

/**
 * One node of a float graph.
 *
 * @param name of the ONNX value that it computes, for reports
 * @param inputs indices of earlier nodes
 * @param shape of the result, batch of one first
 */
public record FloatNode(String name, FloatOperation operation, List<Integer> inputs, int[] shape) {

    public int channels() {
        return shape[shape.length - 1];
    }

    FloatNode with(FloatOperation newOperation, List<Integer> newInputs) {
        return new FloatNode(name, newOperation, newInputs, shape);
    }
}
