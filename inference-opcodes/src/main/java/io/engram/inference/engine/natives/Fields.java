package io.engram.inference.engine.natives;

import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import java.util.Arrays;

/** The fields of a step in the order of the library's record. */
final class Fields {

    private static final int AXES = Shape.MAX_RANK;

    private long[] values = new long[16];
    private int size;

    Fields add(long... more) {
        if (size + more.length > values.length) {
            values = Arrays.copyOf(values, 2 * (size + more.length));
        }
        System.arraycopy(more, 0, values, size, more.length);
        size += more.length;
        return this;
    }

    /** One number for each axis, the missing outer ones {@code outer}. */
    Fields axes(int[] axes, long outer) {
        for (int i = axes.length; i < AXES; i++) {
            add(outer);
        }
        for (int axis : axes) {
            add(axis);
        }
        return this;
    }

    Fields rescale(Rescale rescale) {
        return add(rescale.multiplier(), rescale.shift());
    }

    Fields range(OutputRange range) {
        return add(range.type().bytes(), range.zeroPoint(), range.lo(), range.hi());
    }

    Fields window(Window window) {
        return add(
                window.strideHeight(),
                window.strideWidth(),
                window.dilationHeight(),
                window.dilationWidth(),
                window.padTop(),
                window.padLeft());
    }

    long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
