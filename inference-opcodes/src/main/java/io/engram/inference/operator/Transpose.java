package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/**
 * Axes in another order: axis i of the result is axis {@code permutation[i]} of the operand. One operand of any type.
 *
 * @param permutation leaves axis 0, the batch, in place
 */
public record Transpose(List<Integer> permutation) implements Operator {

    public Transpose {
        permutation = List.copyOf(permutation);
    }

    @Override
    public int code() {
        return 12;
    }

    @Override
    public String mnemonic() {
        return "transpose";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().list(permutation).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        int rank = input.shape().rank();
        Proof.require(permutation.size() == rank && permutation.get(0) == 0, "no permutation of " + input.shape());
        int[] dimensions = new int[rank];
        int seen = 0;
        for (int axis = 0; axis < rank; axis++) {
            int source = permutation.get(axis);
            Proof.require(source >= 0 && source < rank && (seen & 1 << source) == 0, "no permutation");
            seen |= 1 << source;
            dimensions[axis] = input.shape().dimension(source);
        }
        Shape result = Proof.shape(dimensions);
        return StepFacts.of(Value.activation(input.type(), result, input.lo(), input.hi()), result.elements());
    }
}
