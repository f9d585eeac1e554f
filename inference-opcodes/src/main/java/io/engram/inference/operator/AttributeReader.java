package io.engram.inference.operator;

import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Takes attributes apart; throws {@link IllegalArgumentException} when they end too early or break a bound. */
final class AttributeReader {

    private final int[] values;
    private int position;

    AttributeReader(int[] values) {
        this.values = values;
    }

    int next() {
        if (position == values.length) {
            throw new IllegalArgumentException("too few attributes");
        }
        return values[position++];
    }

    boolean flag() {
        int value = next();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("a flag is 0 or 1");
        }
        return value == 1;
    }

    Window window() {
        return new Window(next(), next(), next(), next(), next(), next(), next(), next());
    }

    Rescale rescale() {
        return new Rescale(next(), next());
    }

    OutputRange output() {
        TensorType type =
                TensorType.ofCode(next()).orElseThrow(() -> new IllegalArgumentException("unknown tensor type"));
        return new OutputRange(type, next(), next(), next());
    }

    /** A list of at most {@code limit} elements. */
    List<Integer> list(int limit) {
        int length = length(limit);
        List<Integer> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(next());
        }
        return List.copyOf(elements);
    }

    Shape shape() {
        return Shape.of(
                list(Shape.MAX_RANK).stream().mapToInt(Integer::intValue).toArray());
    }

    int length(int limit) {
        int length = next();
        if (length < 0 || length > limit) {
            throw new IllegalArgumentException("list of " + length + " attributes");
        }
        return length;
    }

    void end() {
        if (position != values.length) {
            throw new IllegalArgumentException("too many attributes");
        }
    }
}
