package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Matrix product of two int8 values over their last two axes: {@code [1, …, M, K] · [1, …, K, N]}, the second one given
 * as {@code [1, …, N, K]} when {@code transposed}. The other axes are equal.
 */
public record MatMul(boolean transposed, int zeroPointA, int zeroPointB, Rescale rescale, OutputRange output)
        implements Operator {

    @Override
    public int code() {
        return 4;
    }

    @Override
    public String mnemonic() {
        return "matmul";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(transposed ? 1 : 0)
                .add(zeroPointA)
                .add(zeroPointB)
                .rescale(rescale)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 2);
        Value a = inputs.get(0);
        Value b = inputs.get(1);
        Proof.require(a.type() == TensorType.INT8 && b.type() == TensorType.INT8, "works on int8");
        Proof.zeroPoint(TensorType.INT8, zeroPointA);
        Proof.zeroPoint(TensorType.INT8, zeroPointB);
        int rank = a.shape().rank();
        Proof.require(rank >= 3 && b.shape().rank() == rank, "ranks differ or are below 3");
        for (int axis = 0; axis < rank - 2; axis++) {
            Proof.require(a.shape().dimension(axis) == b.shape().dimension(axis), "outer axes differ");
        }
        int inner = a.shape().last();
        Proof.require(b.shape().dimension(transposed ? rank - 1 : rank - 2) == inner, "inner axes differ");
        int[] dimensions = a.shape().toArray();
        dimensions[rank - 1] = b.shape().dimension(transposed ? rank - 2 : rank - 1);
        Shape result = Proof.shape(dimensions);
        Proof.accumulator(Proof.product(inner, a.distance(zeroPointA), b.distance(zeroPointB)));
        Proof.rescale(Integer.MAX_VALUE, rescale);
        boolean narrow = Math.min(dimensions[rank - 2], dimensions[rank - 1]) < StepFacts.NARROW;
        return StepFacts.products(
                Proof.result(result, output), Proof.times(result.elements(), inner), narrow, result.elements());
    }
}
