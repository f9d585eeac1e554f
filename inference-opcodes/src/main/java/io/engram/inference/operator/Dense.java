package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Fully connected layer over the last axis. Operands: {@code int8 [1, …, I]}, weights {@code int8 [O, I]}, bias
 * {@code int32 [O]}, multipliers {@code int32 [O]}, shifts {@code int8 [O]}. Result {@code [1, …, O]}.
 */
public record Dense(int inputZeroPoint, OutputRange output) implements Operator {

    @Override
    public int code() {
        return 3;
    }

    @Override
    public String mnemonic() {
        return "dense";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter().add(inputZeroPoint).output(output).toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 5);
        Value input = Proof.int8Activation(inputs.get(0));
        Tensor weights = Proof.constant(inputs.get(1), TensorType.INT8, 2);
        int units = weights.shape().dimension(0);
        Proof.vector(inputs.get(2), TensorType.INT32, units);
        Proof.perChannel(inputs.get(3), inputs.get(4), units);
        Proof.zeroPoint(TensorType.INT8, inputZeroPoint);
        Shape shape = input.shape();
        Proof.require(
                shape.rank() >= 2 && weights.shape().dimension(1) == shape.last(),
                "weights " + weights.shape() + " do not fit " + shape);
        Proof.rows(inputs.get(1), units, inputs.get(2).constant().orElseThrow(), input.distance(inputZeroPoint));
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] = units;
        Shape result = Proof.shape(dimensions);
        return new StepFacts(
                Proof.result(result, output), Proof.times(result.elements(), shape.last()), 0, result.elements());
    }
}
