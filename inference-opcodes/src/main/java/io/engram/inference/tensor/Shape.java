package io.engram.inference.tensor;

import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first: 1 to {@value #MAX_RANK} of them, each at least 1, with at most
 * {@value #MAX_ELEMENTS} elements in all.
 */
public final class Shape {

    public static final int MAX_RANK = 6;
    public static final int MAX_ELEMENTS = 1 << 29;

    private final int[] dimensions;
    private final int elements;

    private Shape(int[] dimensions, int elements) {
        this.dimensions = dimensions;
        this.elements = elements;
    }

    /** @throws IllegalArgumentException when rank, a dimension or the number of elements is out of bounds */
    public static Shape of(int... dimensions) {
        if (!isValid(dimensions)) {
            throw new IllegalArgumentException("no valid shape: " + Arrays.toString(dimensions));
        }
        int elements = 1;
        for (int dimension : dimensions) {
            elements *= dimension;
        }
        return new Shape(dimensions.clone(), elements);
    }

    /** Whether {@link #of} would accept the dimensions. */
    public static boolean isValid(int... dimensions) {
        if (dimensions.length < 1 || dimensions.length > MAX_RANK) {
            return false;
        }
        long elements = 1;
        for (int dimension : dimensions) {
            if (dimension < 1 || elements * dimension > MAX_ELEMENTS) {
                return false;
            }
            elements *= dimension;
        }
        return true;
    }

    public int rank() {
        return dimensions.length;
    }

    /** The dimension of {@code axis}, 0 the outermost. */
    public int dimension(int axis) {
        return dimensions[axis];
    }

    /** The innermost dimension. */
    public int last() {
        return dimensions[dimensions.length - 1];
    }

    public int elements() {
        return elements;
    }

    public int[] toArray() {
        return dimensions.clone();
    }

    /** This shape with another size along {@code axis}. */
    public Shape with(int axis, int size) {
        int[] changed = dimensions.clone();
        changed[axis] = size;
        return of(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
