package io.engram.inference.transformer;

import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.UnsupportedOperatorException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;

/** The largest number that each input may take: the last row of the tables that it picks from, or 1 for a mask. */
final class InputRanges {

    private final Map<Expression, Integer> highest = new IdentityHashMap<>();

    private InputRanges() {}

    static InputRanges of(ExpressionReader.Result file) throws OnnxException {
        InputRanges ranges = new InputRanges();
        Map<Expression, Boolean> seen = new IdentityHashMap<>();
        Deque<Expression> open = new ArrayDeque<>(file.outputs());
        while (!open.isEmpty()) {
            Expression value = open.pop();
            if (seen.put(value, true) == null) {
                if (value.is("Gather")
                        && value.input(0).isConstant()
                        && value.input(1).is(Expression.INPUT)) {
                    ranges.highest.merge(value.input(1), value.input(0).shape()[0] - 1, Math::min);
                }
                value.inputs().forEach(open::push);
            }
        }
        for (Expression input : file.inputs()) {
            if (!seen.containsKey(input)) {
                throw new UnsupportedOperatorException(input.name(), Expression.INPUT, "the output does not need it");
            }
        }
        return ranges;
    }

    int highest(Expression input) {
        return highest.getOrDefault(input, 1);
    }
}
