package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.util.List;

/**
 * Product of two values of any type, element by element, rescaled. Ranks are equal; a dimension of 1 is repeated along
 * the other's.
 */
public record Multiply(int zeroPointA, int zeroPointB, Rescale rescale, OutputRange output) implements Operator {

    @Override
    public int code() {
        return 8;
    }

    @Override
    public String mnemonic() {
        return "multiply";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
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
        Proof.zeroPoint(a.type(), zeroPointA);
        Proof.zeroPoint(b.type(), zeroPointB);
        Proof.accumulator(Proof.product(a.distance(zeroPointA), b.distance(zeroPointB)));
        Proof.rescale(Integer.MAX_VALUE, rescale);
        Shape result = Proof.broadcast(a.shape(), b.shape());
        return StepFacts.of(Proof.result(result, output), result.elements());
    }
}
