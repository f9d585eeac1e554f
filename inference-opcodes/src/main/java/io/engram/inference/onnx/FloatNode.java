package io.engram.inference.onnx;

import java.util.List;
import java.util.Optional;

/**
 * One node of a float graph.
 *
 * @param name of the ONNX value that it computes, for reports
 * @param inputs indices of earlier nodes
 * @param shape of the result, batch of one first
 * @param grid the numbers that a quantised file rounds the result to
 */
public record FloatNode(String name, FloatOperation operation, List<Integer> inputs, int[] shape, Optional<Grid> grid) {

    public FloatNode(String name, FloatOperation operation, List<Integer> inputs, int[] shape) {
        this(name, operation, inputs, shape, Optional.empty());
    }

    public int channels() {
        return shape[shape.length - 1];
    }

    public FloatNode with(FloatOperation newOperation, List<Integer> newInputs) {
        return new FloatNode(name, newOperation, newInputs, shape, grid);
    }

    FloatNode on(Optional<Grid> newGrid) {
        return new FloatNode(name, operation, inputs, shape, newGrid);
    }
}
