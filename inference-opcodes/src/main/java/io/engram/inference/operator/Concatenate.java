package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/**
 * Values joined along an axis, each rescaled on its own. Operands of any type, equal in all other dimensions.
 *
 * @param axis 1 or more
 * @param operands one for each input, 1 to {@value #MAX_OPERANDS}
 */
public record Concatenate(int axis, List<Scaled> operands, OutputRange output) implements Operator {

    public static final int MAX_OPERANDS = 64;

    public Concatenate {
        operands = List.copyOf(operands);
    }

    @Override
    public int code() {
        return 10;
    }

    @Override
    public String mnemonic() {
        return "concatenate";
    }

    @Override
    public int[] attributes() {
        AttributeWriter writer = new AttributeWriter().add(axis).add(operands.size());
        for (Scaled operand : operands) {
            writer.add(operand.zeroPoint()).rescale(operand.rescale());
        }
        return writer.output(output).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.require(!operands.isEmpty() && operands.size() <= MAX_OPERANDS, "takes 1 to 64 operands");
        Proof.operands(inputs, operands.size());
        Shape first = inputs.get(0).shape();
        Proof.require(axis >= 1 && axis < first.rank(), "no axis " + axis);
        long size = 0;
        for (int i = 0; i < inputs.size(); i++) {
            Value input = inputs.get(i);
            Scaled operand = operands.get(i);
            Proof.zeroPoint(input.type(), operand.zeroPoint());
            Proof.rescale(input.distance(operand.zeroPoint()), operand.rescale());
            Proof.require(input.shape().rank() == first.rank(), "ranks differ");
            for (int other = 0; other < first.rank(); other++) {
                Proof.require(
                        other == axis || input.shape().dimension(other) == first.dimension(other), "shapes differ");
            }
            size += input.shape().dimension(axis);
        }
        int[] dimensions = first.toArray();
        dimensions[axis] = (int) Math.min(size, Integer.MAX_VALUE);
        Shape result = Proof.shape(dimensions);
        return StepFacts.of(Proof.result(result, output), result.elements());
    }
}
