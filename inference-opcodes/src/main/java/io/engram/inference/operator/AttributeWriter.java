package io.engram.inference.operator;

import java.util.Arrays;
import java.util.List;

/** Collects attributes in canonical order. */
final class AttributeWriter {

    private int[] values = new int[16];
    private int size;

    AttributeWriter add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
        return this;
    }

    AttributeWriter window(Window window) {
        return add(window.strideHeight())
                .add(window.strideWidth())
                .add(window.dilationHeight())
                .add(window.dilationWidth())
                .add(window.padTop())
                .add(window.padLeft())
                .add(window.padBottom())
                .add(window.padRight());
    }

    AttributeWriter rescale(Rescale rescale) {
        return add(rescale.multiplier()).add(rescale.shift());
    }

    AttributeWriter output(OutputRange output) {
        return add(output.type().code())
                .add(output.zeroPoint())
                .add(output.lo())
                .add(output.hi());
    }

    /** Length, then elements. */
    AttributeWriter list(int... elements) {
        add(elements.length);
        for (int element : elements) {
            add(element);
        }
        return this;
    }

    AttributeWriter list(List<Integer> elements) {
        return list(elements.stream().mapToInt(Integer::intValue).toArray());
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
