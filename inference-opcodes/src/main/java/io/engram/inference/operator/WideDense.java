package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.List;

/**
 * Fully connected layer over the last axis of int16, with an accumulator of 64 bits: {@code y = finish(rescale(Σ x_i·w[o,i] +
 * bias[o]·2^b, M[o], s[o]))}. Operands and result as {@link DynamicDense}.
 *
 * @param biasShift b, 0 to 31
 */
public record WideDense(int biasShift, OutputRange output) implements Operator {

    /** Multiply–accumulates of int8 that one of int16 by int8 counts as. */
    private static final int WEIGHT = 2;

    @Override
    public int code() {
        return 26;
    }

    @Override
    public String mnemonic() {
        return "wide_dense";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().add(biasShift).output(output).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Shape result = Int16Layer.check(inputs, biasShift);
        Tensor weights = inputs.get(1).constant().orElseThrow();
        long distance = inputs.getFirst().distance(0);
        long[] sums = Proof.magnitudes(inputs.get(1)).ofRows(result.last());
        for (int unit = 0; unit < sums.length; unit++) {
            Int16Layer.sum(inputs, unit, biasShift, sums[unit] * distance);
        }
        return new StepFacts(
                Proof.result(result, output),
                Proof.times(WEIGHT, result.elements(), weights.shape().last()),
                0,
                result.elements());
    }
}
