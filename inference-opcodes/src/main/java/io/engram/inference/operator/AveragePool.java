package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;
import java.util.List;

/**
 * Mean of the real cells of each window, rescaled with one rounding: with {@code a = M·Σ(x − zx)} and
 * {@code b = cells·2^s}, {@code y = clamp(zy + floor((2a + b) / (2b)))}. Operand {@code int8 [1, H, W, C]}.
 */
public record AveragePool(
        int kernelHeight, int kernelWidth, Window window, int inputZeroPoint, Rescale rescale, OutputRange output)
        implements Operator {

    /** Element operations that a division counts as. */
    private static final int DIVISION = 4;

    @Override
    public int code() {
        return 6;
    }

    @Override
    public String mnemonic() {
        return "average_pool";
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
        long cells = (long) kernelHeight * kernelWidth;
        long distance = image.distance(inputZeroPoint);
        Proof.accumulator(Proof.product(cells, distance));
        BigInteger divisor = BigInteger.valueOf(cells).shiftLeft(rescale.shift());
        Proof.wide(Proof.product(2, cells, distance, rescale.multiplier()).add(divisor));
        Proof.wide(divisor.shiftLeft(1));
        return StepFacts.of(Proof.result(result, output), Proof.times(result.elements(), cells + DIVISION));
    }
}
