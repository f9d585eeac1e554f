package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import java.util.List;

/** A value on another scale: {@code y = clamp(zy + (((x − zx)·M + 2^(s−1)) >> s))}. One operand of any type. */
public record Requantise(int inputZeroPoint, Rescale rescale, OutputRange output) implements Operator {

    @Override
    public int code() {
        return 17;
    }

    @Override
    public String mnemonic() {
        return "requantise";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(inputZeroPoint)
                .rescale(rescale)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value input = Proof.activation(inputs.get(0));
        Proof.zeroPoint(input.type(), inputZeroPoint);
        Proof.rescale(input.distance(inputZeroPoint), rescale);
        return StepFacts.of(Proof.result(input.shape(), output), input.shape().elements());
    }
}
