package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;

/**
 * Two-dimensional convolution. Operands: image {@code int8 [1, H, W, C]}, weights {@code int8 [O, KH, KW, C/groups]},
 * bias {@code int32 [O]}, multipliers {@code int32 [O]}, shifts {@code int8 [O]}. Padding cells equal the zero point.
 *
 * @param groups divides C and O
 */
public record Conv2d(Window window, int groups, int inputZeroPoint, OutputRange output) implements Operator {

    /** Channels of a group below which its multiply–accumulates count as depthwise. */
    private static final int NARROW_GROUP = 16;

    @Override
    public int code() {
        return 1;
    }

    @Override
    public String mnemonic() {
        return "conv2d";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .window(window)
                .add(groups)
                .add(inputZeroPoint)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 5);
        Value image = Proof.int8Activation(inputs.get(0));
        Tensor weights = Proof.constant(inputs.get(1), TensorType.INT8, 4);
        Shape kernel = weights.shape();
        int channels = kernel.dimension(0);
        Proof.vector(inputs.get(2), TensorType.INT32, channels);
        Proof.perChannel(inputs.get(3), inputs.get(4), channels);
        Proof.zeroPoint(TensorType.INT8, inputZeroPoint);
        Shape result = Planes.slide(image.shape(), window, kernel.dimension(1), kernel.dimension(2), channels);
        int depth = kernel.dimension(3);
        Proof.require(
                groups >= 1
                        && channels % groups == 0
                        && (long) depth * groups == image.shape().last(),
                "weights " + kernel + " in " + groups + " groups do not fit " + image.shape());
        Proof.rows(inputs.get(1), channels, inputs.get(2).constant().orElseThrow(), image.distance(inputZeroPoint));
        long macs = Proof.times(result.elements(), kernel.elements() / channels);
        boolean narrow = groups > 1 && depth < NARROW_GROUP;
        return new StepFacts(Proof.result(result, output), narrow ? 0 : macs, narrow ? macs : 0, result.elements());
    }
}
