package io.engram.inference.transformer;

import java.util.Arrays;
import java.util.List;

/** The inputs of an ONNX Slice: starts, ends, axes and steps, all constant; steps are positive. */
record Slices(long[] starts, long[] ends, long[] axes, long[] steps) {

    static Slices of(List<Expression> in) {
        long[] starts = longs(in.get(1));
        long[] axes = new long[starts.length];
        Arrays.setAll(axes, i -> i);
        long[] steps = new long[starts.length];
        Arrays.fill(steps, 1);
        Slices slices = new Slices(
                starts,
                longs(in.get(2)),
                in.size() > 3 ? longs(in.get(3)) : axes,
                in.size() > 4 ? longs(in.get(4)) : steps);
        if (Arrays.stream(slices.steps).anyMatch(step -> step < 1)) {
            throw new IllegalArgumentException("steps are not positive");
        }
        return slices;
    }

    private static long[] longs(Expression value) {
        return value.constant()
                .orElseThrow(() -> new IllegalArgumentException("bounds are computed"))
                .longs();
    }

    int[] shape(int[] from) {
        int[] shape = from.clone();
        for (int i = 0; i < starts.length; i++) {
            int axis = ShapeRules.axis(axes[i], from.length);
            long length = bound(ends[i], from[axis]) - bound(starts[i], from[axis]);
            shape[axis] = (int) Math.max(0, Math.ceilDiv(length, steps[i]));
        }
        return shape;
    }

    /** The position in the operand of a position of the result. */
    int[] source(int[] at, int[] from) {
        int[] source = at.clone();
        for (int i = 0; i < starts.length; i++) {
            int axis = ShapeRules.axis(axes[i], from.length);
            source[axis] = (int) (bound(starts[i], from[axis]) + at[axis] * steps[i]);
        }
        return source;
    }

    private static long bound(long value, int size) {
        return Math.clamp(value < 0 ? value + size : value, 0, (long) size);
    }
}
