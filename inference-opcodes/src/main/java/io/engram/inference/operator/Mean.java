package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import java.math.BigInteger;
import java.util.List;

/**
 * Mean along an axis, whose dimension becomes 1, rescaled with one rounding: with {@code a = M·Σ(x − zx)} over the n kept
 * elements and {@code b = n·2^s}, {@code y = finish(divide(a, b))}; where n is 0, {@code y = finish(0)}.
 *
 * <p>Operands: a value of any type; if {@code masked}, an int8 mask of equal rank, each dimension equal or 1 and repeated:
 * 0 masks.
 *
 * @param axis 1 or more
 */
public record Mean(int axis, boolean masked, int inputZeroPoint, Rescale rescale, OutputRange output)
        implements Operator {

    /** Element operations of an operand's element. */
    private static final int TERM = 2;

    /** Element operations of a division. */
    private static final int DIVISION = 4;

    @Override
    public int code() {
        return 24;
    }

    @Override
    public String mnemonic() {
        return "mean";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(axis)
                .add(masked ? 1 : 0)
                .add(inputZeroPoint)
                .rescale(rescale)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, masked ? 2 : 1);
        Value input = Proof.activation(inputs.get(0));
        Proof.zeroPoint(input.type(), inputZeroPoint);
        Shape shape = input.shape();
        Proof.require(axis >= 1 && axis < shape.rank(), "no axis " + axis);
        if (masked) {
            Proof.mask(inputs.get(1), shape);
        }
        long terms = shape.dimension(axis);
        long distance = input.distance(inputZeroPoint);
        Proof.accumulator(Proof.product(terms, distance));
        BigInteger divisor = BigInteger.valueOf(terms).shiftLeft(rescale.shift());
        Proof.wide(Proof.product(2, terms, distance, rescale.multiplier()).add(divisor));
        Proof.wide(divisor.shiftLeft(1));
        Shape result = shape.with(axis, 1);
        return StepFacts.of(
                Proof.result(result, output), TERM * (long) shape.elements() + DIVISION * (long) result.elements());
    }
}
