package io.engram.inference.onnx;

import java.util.List;

/** Arithmetic on tensor shapes, bounded. */
public final class Shapes {

    /** Most elements of one tensor, batch of one. */
    public static final int MAX_ELEMENTS = 1 << 26;

    private Shapes() {}

    static int[] of(List<Long> dimensions) throws MalformedOnnxException {
        int[] shape = new int[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            long size = dimensions.get(i);
            if (size < 0 || size > MAX_ELEMENTS) {
                throw new MalformedOnnxException("tensor dimension " + size);
            }
            shape[i] = (int) size;
        }
        return shape;
    }

    /** Elements of a tensor of this shape. */
    static int count(int[] shape) throws MalformedOnnxException {
        long count = 1;
        for (int size : shape) {
            if (size == 0) {
                return 0;
            }
        }
        for (int size : shape) {
            count *= size;
            if (count > MAX_ELEMENTS) {
                throw new MalformedOnnxException("tensor of more than " + MAX_ELEMENTS + " elements");
            }
        }
        return (int) count;
    }

    /** As the checked count, for shapes that a graph already holds. */
    public static int size(int[] shape) {
        int count = 1;
        for (int size : shape) {
            count *= size;
        }
        return count;
    }

    /** Distance in elements between neighbours along each axis, row-major. */
    public static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }
}
