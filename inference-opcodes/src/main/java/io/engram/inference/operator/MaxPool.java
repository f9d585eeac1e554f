package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/** Largest real cell of each window, rescaled. Padding cells do not take part. Operand {@code int8 [1, H, W, C]}. */
public record MaxPool(
        int kernelHeight, int kernelWidth, Window window, int inputZeroPoint, Rescale rescale, OutputRange output)
        implements Operator {

    @Override
    public int code() {
        return 5;
    }

    @Override
    public String mnemonic() {
        return "max_pool";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(kernelHeight)
                .add(kernelWidth)
                .window(window)
                .add(inputZeroPoint)
                .rescale(rescale)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 1);
        Value image = Proof.int8Activation(inputs.get(0));
        Proof.zeroPoint(TensorType.INT8, inputZeroPoint);
        Shape result = Planes.slide(
                image.shape(), window, kernelHeight, kernelWidth, image.shape().last());
        Planes.covered(image.shape(), result, window, kernelHeight, kernelWidth);
        Proof.rescale(image.distance(inputZeroPoint), rescale);
        return StepFacts.of(Proof.result(result, output), Proof.times(result.elements(), kernelHeight, kernelWidth));
    }
}
