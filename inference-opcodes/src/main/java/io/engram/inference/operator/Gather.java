package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/**
 * Slices of a value picked by number along an axis, as of a table of embeddings: the axis gives way to the dimensions of
 * the indices. Operands: values of any type, indices of any type, proven to lie in {@code [0, size of the axis)}.
 */
public record Gather(int axis) implements Operator {

    /** Element operations of one pick, which may be anywhere in memory. */
    private static final int PICK = 16;

    @Override
    public int code() {
        return 18;
    }

    @Override
    public String mnemonic() {
        return "gather";
    }

    @Override
    public int[] attributes() {
        return new int[] {axis};
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 2);
        Value values = inputs.get(0);
        Value indices = inputs.get(1);
        int rank = values.shape().rank();
        Proof.require(axis >= 0 && axis < rank, "no axis " + axis);
        int size = values.shape().dimension(axis);
        Proof.require(
                indices.lo() >= 0 && indices.hi() < size,
                "indices in [" + indices.lo() + ", " + indices.hi() + "] leave an axis of " + size);
        int[] dimensions = new int[rank - 1 + indices.shape().rank()];
        long picks = indices.shape().elements();
        int at = 0;
        for (int i = 0; i < axis; i++) {
            dimensions[at++] = values.shape().dimension(i);
            picks = Proof.times(picks, values.shape().dimension(i));
        }
        for (int dimension : indices.shape().toArray()) {
            dimensions[at++] = dimension;
        }
        for (int i = axis + 1; i < rank; i++) {
            dimensions[at++] = values.shape().dimension(i);
        }
        Shape result = Proof.shape(dimensions);
        return StepFacts.of(
                Value.activation(values.type(), result, values.lo(), values.hi()),
                result.elements() + Proof.times(PICK, picks));
    }
}
