package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Any function of one int16, linear between the points of a table: with {@code u = x + 2^15}, {@code i = u >> 7} and
 * {@code f = u & 127}, {@code y = finish(rescale(table[i]·(128 − f) + table[i + 1]·f))}. Operands: an int16 value, table
 * {@code int16 [513]}.
 */
public record Interpolate(Rescale rescale, OutputRange output) implements Operator {

    /** Points of the table: one each 2^7 inputs. */
    public static final int POINTS = 513;

    public static final int STEP_BITS = 7;
    public static final int OFFSET = 1 << 15;

    /** Element operations of one element. */
    private static final int WEIGHT = 4;

    @Override
    public int code() {
        return 21;
    }

    @Override
    public String mnemonic() {
        return "interpolate";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().rescale(rescale).output(output).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 2);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(input.type() == TensorType.INT16, "works on int16, not on " + input.type());
        Proof.vector(inputs.get(1), TensorType.INT16, POINTS);
        // A table entry has 15 bits and a step 7, so a product with any multiplier and half of any shift fits 64 bits.
        Tensor table = inputs.get(1).constant().orElseThrow();
        int lo = Short.MAX_VALUE;
        int hi = Short.MIN_VALUE;
        int last = ((input.hi() + OFFSET) >> STEP_BITS) + 1;
        for (int i = (input.lo() + OFFSET) >> STEP_BITS; i <= last; i++) {
            lo = Math.min(lo, table.get(i));
            hi = Math.max(hi, table.get(i));
        }
        return StepFacts.of(
                Value.activation(output.type(), input.shape(), end(lo), end(hi)),
                Proof.times(input.shape().elements(), WEIGHT));
    }

    /** The result where the function has the value of a table entry; grows with the entry. */
    private int end(int entry) {
        long scaled = ((long) entry << STEP_BITS) * rescale.multiplier() + (1L << (rescale.shift() - 1));
        return Math.clamp((scaled >> rescale.shift()) + output.zeroPoint(), output.lo(), output.hi());
    }
}
