package io.engram.inference.engine.reference;

import io.engram.inference.tensor.Shape;

/** Walks the coordinates of a shape in row-major order. */
final class Counter {

    private final int[] dimensions;
    private final int[] coordinates;

    Counter(Shape shape) {
        this.dimensions = shape.toArray();
        this.coordinates = new int[dimensions.length];
    }

    int offset(int[] strides) {
        int offset = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            offset += coordinates[axis] * strides[axis];
        }
        return offset;
    }

    void next() {
        for (int axis = dimensions.length - 1; axis >= 0; axis--) {
            if (++coordinates[axis] < dimensions[axis]) {
                return;
            }
            coordinates[axis] = 0;
        }
    }
}
