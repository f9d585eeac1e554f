package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;
import java.util.List;

/**
 * Fully connected layer over the last axis of int16, each row brought to int8 by its own largest magnitude. With
 * {@code m = max(1, max|x_i|)}, {@code v = divide(127·2^24, m)} and {@code q_i = (x_i·v + 2^23) >> 24}: {@code acc = Σ
 * q_i·w[o,i]}, {@code y = finish(rescale(acc·m + bias[o]·2^b, M[o], s[o]))}.
 *
 * <p>Operands: {@code int16 [1, …, I]}, weights {@code int8 [O, I]}, bias {@code int32 [O]}, multipliers {@code int32 [O]},
 * shifts {@code int8 [O]}. Result {@code [1, …, O]}.
 *
 * @param biasShift b, 0 to 31
 */
public record DynamicDense(int biasShift, OutputRange output) implements Operator {

    /** Largest magnitude of a quantised element. */
    public static final int LEVELS = 127;

    /** Fraction bits of the row's factor. */
    public static final int FACTOR_BITS = 24;

    private static final int MAX_BIAS_SHIFT = 31;

    /** Element operations of an operand's element: maximum, product, rounding. */
    private static final int QUANTISE = 4;

    /** Element operations of a result's element: two 64-bit products. */
    private static final int FINISH = 2;

    @Override
    public int code() {
        return 23;
    }

    @Override
    public String mnemonic() {
        return "dynamic_dense";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().add(biasShift).output(output).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 5);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(input.type() == TensorType.INT16, "works on int16, not on " + input.type());
        Tensor weights = Proof.constant(inputs.get(1), TensorType.INT8, 2);
        int units = weights.shape().dimension(0);
        Proof.vector(inputs.get(2), TensorType.INT32, units);
        Proof.perChannel(inputs.get(3), inputs.get(4), units);
        Proof.require(biasShift >= 0 && biasShift <= MAX_BIAS_SHIFT, "bias shift outside 0 to 31");
        Shape shape = input.shape();
        int width = shape.last();
        Proof.require(
                shape.rank() >= 2 && weights.shape().dimension(1) == width,
                "weights " + weights.shape() + " do not fit " + shape);
        Proof.rows(weights, units, Tensor.zeros(TensorType.INT32, Shape.of(units)), LEVELS);
        long largest = Math.max(1, input.distance(0));
        for (int unit = 0; unit < units; unit++) {
            BigInteger sum = Proof.product(LEVELS, weightSum(weights, unit), largest)
                    .add(BigInteger.valueOf(Math.abs((long)
                                    inputs.get(2).constant().orElseThrow().get(unit)))
                            .shiftLeft(biasShift));
            Rescale rescale = new Rescale(
                    inputs.get(3).constant().orElseThrow().get(unit),
                    inputs.get(4).constant().orElseThrow().get(unit));
            Proof.rescale(sum, rescale);
        }
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] = units;
        Shape result = Proof.shape(dimensions);
        long elements = FINISH * (long) result.elements() + QUANTISE * (long) shape.elements();
        return new StepFacts(Proof.result(result, output), Proof.times(result.elements(), width), 0, elements);
    }

    private static long weightSum(Tensor weights, int unit) {
        int width = weights.shape().last();
        long sum = 0;
        for (int i = unit * width, end = i + width; i < end; i++) {
            sum += Math.abs((int) weights.data()[i]);
        }
        return sum;
    }
}
