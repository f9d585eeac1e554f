package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/** Any function of one int8: {@code y = table[x + 128]}. Operands: an int8 value, table {@code int8 [256]}. */
public record Lookup() implements Operator {

    @Override
    public int code() {
        return 14;
    }

    @Override
    public String mnemonic() {
        return "lookup";
    }

    @Override
    public int[] attributes() {
        return new int[0];
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 2);
        Value input = Proof.int8Activation(inputs.get(0));
        Proof.vector(inputs.get(1), TensorType.INT8, 256);
        Tensor table = inputs.get(1).constant().orElseThrow();
        int lo = Byte.MAX_VALUE;
        int hi = Byte.MIN_VALUE;
        for (int x = input.lo(); x <= input.hi(); x++) {
            lo = Math.min(lo, table.get(x + 128));
            hi = Math.max(hi, table.get(x + 128));
        }
        return StepFacts.of(
                Value.activation(TensorType.INT8, input.shape(), lo, hi),
                input.shape().elements());
    }
}
