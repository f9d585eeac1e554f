package io.engram.inference.engine.cuda;

import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import java.util.Arrays;

/** The fields of a kernel's record, in its order. */
final class Fields {

    private int[] values = new int[48];
    private int size;

    Fields add(int... more) {
        if (size + more.length > values.length) {
            values = Arrays.copyOf(values, 2 * (size + more.length));
        }
        System.arraycopy(more, 0, values, size, more.length);
        size += more.length;
        return this;
    }

    Fields add(boolean flag) {
        return add(flag ? 1 : 0);
    }

    /** One number for each axis, the missing outer ones {@code outer}. */
    Fields axes(int[] axes, int outer) {
        for (int i = axes.length; i < Shape.MAX_RANK; i++) {
            add(outer);
        }
        return add(axes);
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

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
