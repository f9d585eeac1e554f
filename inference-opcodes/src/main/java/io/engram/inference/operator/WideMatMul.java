package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Matrix product of two int16 or int8 values over their last two axes, with an accumulator of 64 bits: {@code [1, …, M, K] ·
 * [1, …, K, N]}, the second one given as {@code [1, …, N, K]} when {@code transposed}. The other axes are equal.
 */
public record WideMatMul(boolean transposed, int zeroPointA, int zeroPointB, Rescale rescale, OutputRange output)
        implements Operator {

    /** Multiply–accumulates of int8 that one of int16 counts as. */
    private static final int WEIGHT = 4;

    @Override
    public int code() {
        return 25;
    }

    @Override
    public String mnemonic() {
        return "wide_matmul";
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
        Proof.require(
                a.type() != TensorType.INT32 && b.type() != TensorType.INT32, "works on int16 and int8, not on int32");
        Proof.zeroPoint(a.type(), zeroPointA);
        Proof.zeroPoint(b.type(), zeroPointB);
        Shape result = Proof.product(a.shape(), b.shape(), transposed);
        int inner = a.shape().last();
        // Below 2^29 products of two distances below 2^16.
        Proof.rescale(inner * a.distance(zeroPointA) * b.distance(zeroPointB), rescale);
        return new StepFacts(
                Proof.result(result, output), Proof.times(WEIGHT, result.elements(), inner), 0, result.elements());
    }
}
