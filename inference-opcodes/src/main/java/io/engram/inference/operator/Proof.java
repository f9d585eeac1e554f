package io.engram.inference.operator;

import io.engram.inference.MalformedModelException;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.math.BigInteger;
import java.util.List;

/** The conditions that operators share. Each method throws when its condition does not hold. */
final class Proof {

    private static final long MAX_ACCUMULATOR = Integer.MAX_VALUE;
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private Proof() {}

    static void require(boolean condition, String reason) throws MalformedModelException {
        if (!condition) {
            throw new MalformedModelException(reason);
        }
    }

    static void operands(List<Value> inputs, int count) throws MalformedModelException {
        require(inputs.size() == count, "takes " + count + " operands, not " + inputs.size());
    }

    /** An int8 value that is no constant. */
    static Value int8Activation(Value value) throws MalformedModelException {
        require(value.type() == TensorType.INT8, "works on int8, not on " + value.type());
        return activation(value);
    }

    static Value activation(Value value) throws MalformedModelException {
        require(value.constant().isEmpty(), "takes an activation where a constant was given");
        return value;
    }

    static Tensor constant(Value value, TensorType type, int rank) throws MalformedModelException {
        Tensor tensor = value.constant()
                .orElseThrow(() -> new MalformedModelException("takes a constant where an activation was given"));
        require(
                tensor.type() == type && tensor.shape().rank() == rank,
                "constant of the wrong type or rank: " + tensor);
        return tensor;
    }

    static void vector(Value value, TensorType type, int length) throws MalformedModelException {
        require(
                constant(value, type, 1).shape().elements() == length,
                "constant with " + value.shape() + " where " + length + " elements are needed");
    }

    static void zeroPoint(TensorType type, int zeroPoint) throws MalformedModelException {
        require(type.holds(zeroPoint), "zero point " + zeroPoint + " is no " + type);
    }

    /** Product of counts. */
    static long times(long... factors) throws MalformedModelException {
        long product = 1;
        try {
            for (long factor : factors) {
                product = Math.multiplyExact(product, factor);
            }
        } catch (ArithmeticException e) {
            throw new MalformedModelException("more work than can be counted", e);
        }
        return product;
    }

    /** A sum of magnitudes that an int32 accumulator must hold. */
    static void accumulator(BigInteger bound) throws MalformedModelException {
        require(
                bound.compareTo(BigInteger.valueOf(MAX_ACCUMULATOR)) <= 0,
                "the accumulator may reach " + bound + ", more than 2^31 - 1");
    }

    /** {@code |v| ≤ magnitude}: {@code v·M + 2^(s−1)} must fit int64. */
    static void rescale(long magnitude, Rescale rescale) throws MalformedModelException {
        long multiplier = rescale.multiplier();
        long half = 1L << (rescale.shift() - 1);
        require(
                multiplier == 0 || magnitude <= (Long.MAX_VALUE - half) / multiplier,
                "a rescaled value may leave 64 bits");
    }

    /** A magnitude that int64 must hold. */
    static void wide(BigInteger bound) throws MalformedModelException {
        require(bound.compareTo(MAX_LONG) <= 0, "a rescaled value may leave 64 bits");
    }

    static BigInteger product(long... factors) {
        BigInteger product = BigInteger.ONE;
        for (long factor : factors) {
            product = product.multiply(BigInteger.valueOf(factor));
        }
        return product;
    }

    /** Multipliers and shifts of an operator with per-channel rescaling: int32 {@code [n]} and int8 {@code [n]}. */
    static void perChannel(Value multipliers, Value shifts, int channels) throws MalformedModelException {
        vector(multipliers, TensorType.INT32, channels);
        vector(shifts, TensorType.INT8, channels);
        require(multipliers.lo() >= 0, "a multiplier is negative");
        require(shifts.lo() >= 1 && shifts.hi() <= Rescale.MAX_SHIFT, "a shift is outside 1 to 62");
    }

    /** {@code |bias| + distance·Σ|w| ≤ 2^31 − 1} for each row of weights. */
    static void rows(Value weights, int rows, Tensor bias, long distance) throws MalformedModelException {
        channels(magnitudes(weights).ofRows(rows), bias, distance);
    }

    /** {@code |bias| + distance·Σ|w| ≤ 2^31 − 1} for each column of weights. */
    static void columns(Value weights, int columns, Tensor bias, long distance) throws MalformedModelException {
        channels(magnitudes(weights).ofColumns(columns), bias, distance);
    }

    static Magnitudes magnitudes(Value weights) throws MalformedModelException {
        return weights.magnitudes().orElseThrow(() -> new MalformedModelException("weights are constants of int8"));
    }

    private static void channels(long[] sums, Tensor bias, long distance) throws MalformedModelException {
        for (int channel = 0; channel < sums.length; channel++) {
            channel(sums[channel], bias.get(channel), distance);
        }
    }

    /**
     * {@code |bias| + distance·sum ≤ 2^31 − 1}.
     *
     * @param sum of magnitudes of one constant, below 2^37
     * @param distance below 2^17: of int8 or int16 values
     */
    static void channel(long sum, int bias, long distance) throws MalformedModelException {
        long bound = sum * distance + Math.abs((long) bias);
        // No text for each of millions of channels that are sound.
        if (bound > MAX_ACCUMULATOR) {
            throw new MalformedModelException("the accumulator may reach " + bound + ", more than 2^31 - 1");
        }
    }

    /** Shape of a matrix product over the last two axes, the second operand's exchanged when {@code transposed}. */
    static Shape product(Shape a, Shape b, boolean transposed) throws MalformedModelException {
        int rank = a.rank();
        require(rank >= 3 && b.rank() == rank, "ranks differ or are below 3");
        for (int axis = 0; axis < rank - 2; axis++) {
            require(a.dimension(axis) == b.dimension(axis), "outer axes differ");
        }
        require(b.dimension(transposed ? rank - 1 : rank - 2) == a.last(), "inner axes differ");
        int[] dimensions = a.toArray();
        dimensions[rank - 1] = b.dimension(transposed ? rank - 2 : rank - 1);
        return shape(dimensions);
    }

    /** Shape of the result of two values of equal rank whose dimensions are equal or 1. */
    static Shape broadcast(Shape a, Shape b) throws MalformedModelException {
        require(a.rank() == b.rank(), "ranks differ: " + a + " and " + b);
        int[] dimensions = new int[a.rank()];
        for (int axis = 0; axis < dimensions.length; axis++) {
            int m = a.dimension(axis);
            int n = b.dimension(axis);
            require(m == n || m == 1 || n == 1, "shapes do not go together: " + a + " and " + b);
            dimensions[axis] = Math.max(m, n);
        }
        return shape(dimensions);
    }

    /** An int8 value that says which elements of a value of this shape count: equal rank, dimensions equal or 1. */
    static void mask(Value mask, Shape shape) throws MalformedModelException {
        require(mask.type() == TensorType.INT8, "a mask is int8, not " + mask.type());
        require(
                mask.shape().rank() == shape.rank()
                        && broadcast(mask.shape(), shape).equals(shape),
                "a mask of " + mask.shape() + " does not fit " + shape);
    }

    static Shape shape(int... dimensions) throws MalformedModelException {
        require(Shape.isValid(dimensions), "the result has no valid shape");
        return Shape.of(dimensions);
    }

    static Value result(Shape shape, OutputRange output) {
        return Value.activation(output.type(), shape, output.lo(), output.hi());
    }
}
