package io.engram.inference.engine.reference;

import io.engram.inference.tensor.Shape;

/** Elements to skip in memory for one step along each axis. */
final class Strides {

    private Strides() {}

    static int[] of(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.dimension(axis);
        }
        return strides;
    }

    /** Strides of an operand seen with the shape of the result: none along an axis where it is repeated. */
    static int[] broadcast(Shape operand, Shape result) {
        int[] strides = of(operand);
        for (int axis = 0; axis < strides.length; axis++) {
            if (operand.dimension(axis) != result.dimension(axis)) {
                strides[axis] = 0;
            }
        }
        return strides;
    }
}
