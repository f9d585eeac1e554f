package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/**
 * Every {@code step}-th position of an axis from {@code start} on. One operand of any type.
 *
 * @param axis 1 or more
 * @param step 1 or more
 * @param count positions of the result, 1 or more
 */
public record Slice(int axis, int start, int step, int count) implements Operator {

    @Override
    public int code() {
        return 19;
    }

    @Override
    public String mnemonic() {
        return "slice";
    }

    @Override
    public int[] attributes() {
        return new int[] {axis, start, step, count};
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(axis >= 1 && axis < input.shape().rank(), "no axis " + axis);
        Proof.require(
                start >= 0
                        && step >= 1
                        && count >= 1
                        && start + (long) step * (count - 1) < input.shape().dimension(axis),
                "start " + start + ", step " + step + ", count " + count + " leave " + input.shape());
        Shape result = input.shape().with(axis, count);
        return StepFacts.of(Value.activation(input.type(), result, input.lo(), input.hi()), result.elements());
    }
}
