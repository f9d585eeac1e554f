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
        Shape result = Proof.product(a.shape(), b.shape(), transposed);
        int inner = a.shape().last();
        Proof.accumulator(Proof.product(inner, a.distance(zeroPointA), b.distance(zeroPointB)));
        Proof.rescale(Integer.MAX_VALUE, rescale);
        return new StepFacts(Proof.result(result, output), Proof.times(result.elements(), inner), 0, result.elements());
    }
}
