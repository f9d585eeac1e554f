package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.math.BigInteger;
import java.util.List;

/**
 * Sum of two values of any type, with one rounding: {@code y = clamp(zy + (((a − za)·Ma + (b − zb)·Mb + 2^(s−1)) >> s))}.
 * Ranks are equal; a dimension of 1 is repeated along the other's.
 *
 * @param a zero point and multiplier of the first operand
 * @param b zero point and multiplier of the second operand
 * @param shift s, 1 to 62
 */
public record Add(Term a, Term b, int shift, OutputRange output) implements Operator {

    /** An operand's zero point and multiplier, 0 to 2^31 − 1. */
    public record Term(int zeroPoint, int multiplier) {}

    @Override
    public int code() {
        return 7;
    }

    @Override
    public String mnemonic() {
        return "add";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(a.zeroPoint())
                .add(a.multiplier())
                .add(b.zeroPoint())
                .add(b.multiplier())
                .add(shift)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 2);
        Value first = inputs.get(0);
        Value second = inputs.get(1);
        Proof.zeroPoint(first.type(), a.zeroPoint());
        Proof.zeroPoint(second.type(), b.zeroPoint());
        Proof.require(a.multiplier() >= 0 && b.multiplier() >= 0, "a multiplier is negative");
        Proof.require(shift >= 1 && shift <= Rescale.MAX_SHIFT, "shift outside 1 to 62");
        Proof.wide(Proof.product(first.distance(a.zeroPoint()), a.multiplier())
                .add(Proof.product(second.distance(b.zeroPoint()), b.multiplier()))
                .add(BigInteger.ONE.shiftLeft(shift - 1)));
        Shape result = Proof.broadcast(first.shape(), second.shape());
        return StepFacts.of(Proof.result(result, output), result.elements());
    }
}
