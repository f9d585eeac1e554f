package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
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
        Shape result = Int16Layer.check(inputs, biasShift);
        Value input = inputs.getFirst();
        Tensor weights = inputs.get(1).constant().orElseThrow();
        long[] sums = Proof.magnitudes(inputs.get(1)).ofRows(result.last());
        long largest = Math.max(1, input.distance(0));
        for (int unit = 0; unit < sums.length; unit++) {
            Proof.channel(sums[unit], 0, LEVELS);
            Int16Layer.sum(inputs, unit, biasShift, LEVELS * sums[unit] * largest);
        }
        long elements = FINISH * (long) result.elements()
                + QUANTISE * (long) input.shape().elements();
        return new StepFacts(
                Proof.result(result, output),
                Proof.times(result.elements(), weights.shape().last()),
                0,
                elements);
    }
}
