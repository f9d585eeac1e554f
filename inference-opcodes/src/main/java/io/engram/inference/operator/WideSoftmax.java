package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Softmax of int16 over the last axis, some positions masked. With the largest kept element, {@code d_i = max − x_i},
 * {@code e_i = coarse[d_i >> 8]·fine[d_i & 255]} and {@code S = Σe} over the kept ones, {@code y_i = finish(divide(e_i·N,
 * S))}; a masked element counts as {@code e_i = 0}, and where all are masked every y is {@code finish(0)}.
 *
 * <p>Operands: an int16 value; tables coarse and fine, {@code int16 [256]}, not negative, their first entries at least 1;
 * if {@code masked}, an int8 mask of equal rank, each dimension equal or 1 and repeated: 0 masks.
 *
 * @param numerator N, 1 to 2^16: what a probability of 1 becomes
 */
public record WideSoftmax(boolean masked, int numerator, OutputRange output) implements Operator {

    /** Element operations of one element: maximum, two tables, product, sum, division. */
    private static final int WEIGHT = 12;

    private static final int MAX_NUMERATOR = 1 << 16;
    private static final int ENTRIES = 256;

    @Override
    public int code() {
        return 22;
    }

    @Override
    public String mnemonic() {
        return "wide_softmax";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(masked ? 1 : 0)
                .add(numerator)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, masked ? 4 : 3);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(input.type() == TensorType.INT16, "works on int16, not on " + input.type());
        table(inputs.get(1));
        table(inputs.get(2));
        if (masked) {
            Proof.mask(inputs.get(3), input.shape());
        }
        Proof.require(numerator >= 1 && numerator <= MAX_NUMERATOR, "numerator outside 1 to 2^16");
        // e ≤ 2^30 and at most 2^29 elements: 2·e·N + S and 2·S stay below 2^61.
        return StepFacts.of(
                Proof.result(input.shape(), output), Proof.times(input.shape().elements(), WEIGHT));
    }

    private static void table(Value table) throws MalformedModelException {
        Proof.vector(table, TensorType.INT16, ENTRIES);
        Proof.require(
                table.lo() >= 0 && table.constant().orElseThrow().get(0) >= 1,
                "a table entry is negative, or the first is 0");
    }
}
