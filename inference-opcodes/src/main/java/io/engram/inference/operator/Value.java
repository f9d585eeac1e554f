package io.engram.inference.operator;

import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.Optional;

/**
 * What the checker knows of a value: every element lies in {@code [lo, hi]}.
 *
 * @param constant the tensor itself when the value is a constant
 * @param magnitudes of an int8 constant's elements while a graph is checked
 */
public record Value(
        TensorType type, Shape shape, int lo, int hi, Optional<Tensor> constant, Optional<Magnitudes> magnitudes) {

    public static Value activation(TensorType type, Shape shape, int lo, int hi) {
        return new Value(type, shape, lo, hi, Optional.empty(), Optional.empty());
    }

    public static Value constant(Tensor tensor) {
        return tensor.type() == TensorType.INT8 ? int8Constant(tensor) : wideConstant(tensor);
    }

    /** By a table of the values that occur: one store for an element, where a least and a largest one take two comparisons. */
    private static Value int8Constant(Tensor tensor) {
        boolean[] occurs = new boolean[1 << Byte.SIZE];
        for (byte element : tensor.data()) {
            occurs[element - Byte.MIN_VALUE] = true;
        }
        int lo = Byte.MIN_VALUE;
        while (!occurs[lo - Byte.MIN_VALUE]) {
            lo++;
        }
        int hi = Byte.MAX_VALUE;
        while (!occurs[hi - Byte.MIN_VALUE]) {
            hi--;
        }
        return new Value(
                tensor.type(), tensor.shape(), lo, hi, Optional.of(tensor), Optional.of(new Magnitudes(tensor)));
    }

    private static Value wideConstant(Tensor tensor) {
        int lo = Integer.MAX_VALUE;
        int hi = Integer.MIN_VALUE;
        for (int i = 0; i < tensor.shape().elements(); i++) {
            int element = tensor.get(i);
            lo = Math.min(lo, element);
            hi = Math.max(hi, element);
        }
        return new Value(tensor.type(), tensor.shape(), lo, hi, Optional.of(tensor), Optional.empty());
    }

    /** Without what only the check needs. */
    public Value checked() {
        return new Value(type, shape, lo, hi, constant, Optional.empty());
    }

    /** Largest possible {@code |x − zeroPoint|}. */
    public long distance(int zeroPoint) {
        return Math.max(Math.abs((long) lo - zeroPoint), Math.abs((long) hi - zeroPoint));
    }

    /** Bytes of the tensor. */
    public long bytes() {
        return (long) shape.elements() * type.bytes();
    }
}
