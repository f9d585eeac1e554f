package io.engram.inference.onnx;

/** Moves elements between orders of axes. */
public final class Layouts {

    static final int[] TO_CHANNELS_LAST = {0, 2, 3, 1};
    static final int[] TO_CHANNELS_FIRST = {0, 3, 1, 2};

    private Layouts() {}

    /** Fills {@code out} with {@code x} of shape {@code from}, its axes permuted. */
    public static void transpose(float[] x, int[] from, int[] permutation, float[] out) {
        int[] strides = Shapes.strides(from);
        int[] shape = permute(from, permutation);
        int[] at = new int[shape.length];
        for (int i = 0; i < out.length; i++) {
            int source = 0;
            for (int axis = 0; axis < at.length; axis++) {
                source += at[axis] * strides[permutation[axis]];
            }
            out[i] = x[source];
            advance(at, shape);
        }
    }

    public static int[] permute(int[] shape, int[] permutation) {
        int[] permuted = new int[shape.length];
        for (int i = 0; i < permuted.length; i++) {
            permuted[i] = shape[permutation[i]];
        }
        return permuted;
    }

    /** The next position in row-major order; wraps to the start. */
    static void advance(int[] at, int[] shape) {
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (++at[axis] < shape[axis]) {
                return;
            }
            at[axis] = 0;
        }
    }

    /** For each element of {@code to}, the element of {@code from} it reads; empty where they are the same. */
    static int[] broadcastIndex(int[] from, int[] to) {
        if (java.util.Arrays.equals(from, to)) {
            return new int[0];
        }
        int[] strides = Shapes.strides(from);
        int[] index = new int[Shapes.size(to)];
        int[] at = new int[to.length];
        for (int i = 0; i < index.length; i++) {
            for (int axis = 0; axis < at.length; axis++) {
                index[i] += from[axis] == 1 ? 0 : at[axis] * strides[axis];
            }
            advance(at, to);
        }
        return index;
    }
}
