package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Softmax over the last axis: with {@code e_i = table[max − x_i]} and {@code S = Σe}, {@code y_i = clamp(zy + floor((2·e_i·N
 * + S) / (2·S)))}. Operands: an int8 value, table {@code int32 [256]} with entries 0 to 2^24, the first at least 1.
 *
 * @param numerator N, 1 to 2^16: what a probability of 1 becomes
 */
public record Softmax(int numerator, OutputRange output) implements Operator {

    /** Element operations of one element: maximum, table, sum, division. */
    private static final int WEIGHT = 8;

    private static final int MAX_ENTRY = 1 << 24;
    private static final int MAX_NUMERATOR = 1 << 16;

    @Override
    public int code() {
        return 15;
    }

    @Override
    public String mnemonic() {
        return "softmax";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().add(numerator).output(output).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 2);
        Value input = Proof.int8Activation(inputs.get(0));
        Value table = inputs.get(1);
        Proof.vector(table, TensorType.INT32, 256);
        Proof.require(numerator >= 1 && numerator <= MAX_NUMERATOR, "numerator outside 1 to 2^16");
        // The largest element meets entry 0, so the sum is never 0.
        Proof.require(
                table.lo() >= 0
                        && table.hi() <= MAX_ENTRY
                        && table.constant().orElseThrow().get(0) >= 1,
                "table entries outside 0 to 2^24, or the first is 0");
        return StepFacts.of(
                Proof.result(input.shape(), output), Proof.times(input.shape().elements(), WEIGHT));
    }
}
