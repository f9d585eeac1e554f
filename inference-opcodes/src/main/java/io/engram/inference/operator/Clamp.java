package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import java.util.List;

/** Values limited to {@code [lo, hi]}; type and shape stay. One operand of any type. */
public record Clamp(int lo, int hi) implements Operator {

    @Override
    public int code() {
        return 9;
    }

    @Override
    public String mnemonic() {
        return "clamp";
    }

    @Override
    public int[] attributes() {
        return new int[] {lo, hi};
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(lo <= hi && input.type().holds(lo) && input.type().holds(hi), "bounds are no " + input.type());
        Value result = Value.activation(
                input.type(), input.shape(), Math.clamp(input.lo(), lo, hi), Math.clamp(input.hi(), lo, hi));
        return StepFacts.of(result, input.shape().elements());
    }
}
