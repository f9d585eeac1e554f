package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;
import java.util.List;

/**
 * Layer norm or, not centred, RMS norm over the last axis, with an integer square root. Operands: a value of any type
 * {@code [1, …, D]}, gains {@code int16 [D]}, biases {@code int32 [D]}.
 *
 * <p>With {@code x} less its zero point, {@code S = Σx} (0 if not centred) and {@code Q = D·Σx² − S² + E}: the normalised
 * element is {@code n = 2^15·(D·x − S) / √Q}, 0 where Q is 0, and {@code y = finish(rescale(n·gain + bias))}.
 *
 * @param centred whether the mean is subtracted
 * @param epsilon E in the units of Q
 */
public record Normalise(boolean centred, int inputZeroPoint, Epsilon epsilon, Rescale rescale, OutputRange output)
        implements Operator {

    /** Longest row. */
    public static final int MAX_WIDTH = 1 << 16;

    /** Fraction bits of a normalised element. */
    public static final int FRACTION_BITS = 15;

    private static final BigInteger MAX_SQUARES = BigInteger.ONE.shiftLeft(62);

    /** Element operations of one element: two passes with products. */
    private static final int WEIGHT = 8;

    /** Element operations of one row: root and division. */
    private static final int ROW = 64;

    /** The number {@code mantissa · 2^shift}, 0 ≤ mantissa, 0 ≤ shift ≤ 31. */
    public record Epsilon(int mantissa, int shift) {

        public static final Epsilon ZERO = new Epsilon(0, 0);

        private static final int MAX_SHIFT = 31;

        public Epsilon {
            if (mantissa < 0 || shift < 0 || shift > MAX_SHIFT) {
                throw new IllegalArgumentException("epsilon " + mantissa + ", shift " + shift);
            }
        }

        public long value() {
            return (long) mantissa << shift;
        }
    }

    @Override
    public int code() {
        return 20;
    }

    @Override
    public String mnemonic() {
        return "normalise";
    }

    @Override
    public int[] attributes() {
        return new AttributeWriter()
                .add(centred ? 1 : 0)
                .add(inputZeroPoint)
                .add(epsilon.mantissa())
                .add(epsilon.shift())
                .rescale(rescale)
                .output(output)
                .toArray();
    }

    @Override
    public StepFacts check(List<Value> inputs) throws MalformedModelException {
        Proof.operands(inputs, 3);
        Value input = Proof.activation(inputs.get(0));
        Shape shape = input.shape();
        Proof.zeroPoint(input.type(), inputZeroPoint);
        Proof.require(shape.rank() >= 2, "the batch is no row");
        int width = shape.last();
        Proof.require(width <= MAX_WIDTH, "rows of " + width + " elements, the limit is " + MAX_WIDTH);
        Proof.vector(inputs.get(1), TensorType.INT16, width);
        Proof.vector(inputs.get(2), TensorType.INT32, width);
        long distance = input.distance(inputZeroPoint);
        BigInteger squares = Proof.product(width, width, distance, distance).add(BigInteger.valueOf(epsilon.value()));
        Proof.require(squares.compareTo(MAX_SQUARES) < 0, "the sum of squares may reach 2^62");
        Tensor gains = inputs.get(1).constant().orElseThrow();
        Tensor biases = inputs.get(2).constant().orElseThrow();
        // At most 257·2^15·2^15 + 2^31.
        long largest = 0;
        long bound = bound(width);
        for (int i = 0; i < width; i++) {
            largest = Math.max(largest, bound * Math.abs(gains.get(i)) + Math.abs((long) biases.get(i)));
        }
        Proof.rescale(largest, rescale);
        long elements = shape.elements();
        return StepFacts.of(Proof.result(shape, output), WEIGHT * elements + ROW * (elements / width));
    }

    /** Largest magnitude of a normalised element: {@code (⌊√D⌋ + 1)·2^15}. */
    private static long bound(int width) {
        return BigInteger.valueOf(width).sqrt().add(BigInteger.ONE).longValueExact() << FRACTION_BITS;
    }
}
