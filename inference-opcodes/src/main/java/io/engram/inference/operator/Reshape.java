package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/** The same elements in row-major order under another shape. One operand of any type. */
public record Reshape(Shape shape) implements Operator {

    @Override
    public int code() {
        return 11;
    }

    @Override
    public String mnemonic() {
        return "reshape";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().list(shape.toArray()).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(input.shape().elements() == shape.elements(), input.shape() + " does not fit " + shape);
        return StepFacts.of(Value.activation(input.type(), shape, input.lo(), input.hi()), shape.elements());
    }
}
