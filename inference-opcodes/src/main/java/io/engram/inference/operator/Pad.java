package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/**
 * Cells of one value added around. One operand of any type.
 *
 * @param before cells before each axis; 0 for axis 0
 * @param after cells after each axis; 0 for axis 0
 */
public record Pad(List<Integer> before, List<Integer> after, int value) implements Operator {

    public Pad {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    @Override
    public int code() {
        return 13;
    }

    @Override
    public String mnemonic() {
        return "pad";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().list(before).list(after).add(value).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        int rank = input.shape().rank();
        Proof.require(before.size() == rank && after.size() == rank, "padding has another rank");
        Proof.require(before.get(0) == 0 && after.get(0) == 0, "the batch is not padded");
        Proof.require(input.type().holds(value), value + " is no " + input.type());
        int[] dimensions = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int pre = before.get(axis);
            int post = after.get(axis);
            Proof.require(pre >= 0 && pre <= Window.MAX && post >= 0 && post <= Window.MAX, "padding out of bounds");
            dimensions[axis] = input.shape().dimension(axis) + pre + post;
        }
        Shape result = Proof.shape(dimensions);
        Value padded = Value.activation(input.type(), result, Math.min(input.lo(), value), Math.max(input.hi(), value));
        return StepFacts.of(padded, result.elements());
    }
}
