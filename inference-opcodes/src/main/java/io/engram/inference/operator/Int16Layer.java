package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/** What the dense layers on int16 have in common: five operands and a bias with a shift of its own. */
final class Int16Layer {

    private static final int MAX_BIAS_SHIFT = 31;

    private Int16Layer() {}

    /** @return the shape of the result */
    static Shape check(List<Value> inputs, int biasShift) throws MalformedModelException {
        Proof.operands(inputs, 5);
        Value input = Proof.activation(inputs.get(0));
        Proof.require(input.type() == TensorType.INT16, "works on int16, not on " + input.type());
        Tensor weights = Proof.constant(inputs.get(1), TensorType.INT8, 2);
        int units = weights.shape().dimension(0);
        Proof.vector(inputs.get(2), TensorType.INT32, units);
        Proof.perChannel(inputs.get(3), inputs.get(4), units);
        Proof.require(biasShift >= 0 && biasShift <= MAX_BIAS_SHIFT, "bias shift outside 0 to 31");
        Shape shape = input.shape();
        Proof.require(
                shape.rank() >= 2 && weights.shape().dimension(1) == shape.last(),
                "weights " + weights.shape() + " do not fit " + shape);
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] = units;
        return Proof.shape(dimensions);
    }

    /**
     * A unit's sum of products, with its bias, must be fit for its rescaling.
     *
     * @param products bound of the magnitude of the sum, below 2^62
     */
    static void sum(List<Value> inputs, int unit, int biasShift, long products) throws MalformedModelException {
        long bias = Math.abs((long) inputs.get(2).constant().orElseThrow().get(unit));
        Rescale rescale = new Rescale(
                inputs.get(3).constant().orElseThrow().get(unit),
                inputs.get(4).constant().orElseThrow().get(unit));
        // The bias with its shift is at most 2^62.
        Proof.rescale(products + (bias << biasShift), rescale);
    }
}
