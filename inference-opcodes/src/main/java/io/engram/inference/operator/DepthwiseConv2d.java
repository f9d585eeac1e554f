package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Convolution of each channel with a kernel of its own. Operands: image {@code int8 [1, H, W, C]}, weights
 * {@code int8 [KH, KW, C]}, bias {@code int32 [C]}, multipliers {@code int32 [C]}, shifts {@code int8 [C]}.
 */
public record DepthwiseConv2d(Window window, int inputZeroPoint, OutputRange output) implements Operator {

    @Override
    public int code() {
        return 2;
    }

    @Override
    public String mnemonic() {
        return "depthwise";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .window(window)
                .add(inputZeroPoint)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 5);
        Value image = Proof.int8Activation(inputs.get(0));
        Tensor weights = Proof.constant(inputs.get(1), TensorType.INT8, 3);
        Shape kernel = weights.shape();
        int channels = kernel.dimension(2);
        Proof.vector(inputs.get(2), TensorType.INT32, channels);
        Proof.perChannel(inputs.get(3), inputs.get(4), channels);
        Proof.zeroPoint(TensorType.INT8, inputZeroPoint);
        Shape result = Planes.slide(image.shape(), window, kernel.dimension(0), kernel.dimension(1), channels);
        Proof.require(channels == image.shape().last(), "weights " + kernel + " do not fit " + image.shape());
        Tensor bias = inputs.get(2).constant().orElseThrow();
        int cells = kernel.elements() / channels;
        Proof.columns(inputs.get(1), channels, bias, image.distance(inputZeroPoint));
        return new StepFacts(Proof.result(result, output), 0, Proof.times(result.elements(), cells), result.elements());
    }
}
