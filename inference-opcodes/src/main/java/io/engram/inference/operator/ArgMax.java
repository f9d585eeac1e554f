package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Index of the largest element along the last axis, the lowest of equals. One operand of any type {@code [1, …, n]};
 * result {@code int32 [1, …, 1]}.
 */
public record ArgMax() implements Operator {

    @Override
    public int code() {
        return 16;
    }

    @Override
    public String mnemonic() {
        return "argmax";
    }

    @Override
    public int[] attributes() {
        return new int[0];
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        Shape shape = input.shape();
        Proof.require(shape.rank() >= 2, "the batch has no largest element");
        Value result = Value.activation(TensorType.INT32, shape.with(shape.rank() - 1, 1), 0, shape.last() - 1);
        return StepFacts.of(result, shape.elements());
    }
}
