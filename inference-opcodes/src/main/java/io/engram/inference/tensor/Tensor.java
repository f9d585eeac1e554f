package io.engram.inference.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A dense tensor in its canonical form: row-major, images NHWC, batch first; int16 and int32 big-endian.
 *
 * <p>Filled by the one who makes it, then not written again; safe to read from many threads after that.
 */
public final class Tensor {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final TensorType type;
    private final Shape shape;
    private final byte[] data;

    private Tensor(TensorType type, Shape shape, byte[] data) {
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    /** A tensor of zeros, to be filled with {@link #set}. */
    public static Tensor zeros(TensorType type, Shape shape) {
        return new Tensor(type, shape, new byte[Math.multiplyExact(shape.elements(), type.bytes())]);
    }

    /**
     * Wraps canonical bytes without a copy; the caller writes to them no more.
     *
     * @throws IllegalArgumentException when the number of bytes is not the shape's, or an int16 element is −32768
     */
    public static Tensor wrap(TensorType type, Shape shape, byte[] data) {
        if (data.length != (long) shape.elements() * type.bytes()) {
            throw new IllegalArgumentException(data.length + " bytes for " + type + " " + shape);
        }
        Tensor tensor = new Tensor(type, shape, data);
        if (type == TensorType.INT16) {
            for (int i = 0; i < shape.elements(); i++) {
                if (tensor.get(i) < type.min()) {
                    throw new IllegalArgumentException("int16 element " + i + " is -32768");
                }
            }
        }
        return tensor;
    }

    /** @throws IllegalArgumentException when a value is not of the type or their number is not the shape's */
    public static Tensor of(TensorType type, Shape shape, int... values) {
        if (values.length != shape.elements()) {
            throw new IllegalArgumentException(values.length + " values for " + shape);
        }
        Tensor tensor = zeros(type, shape);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    /** A vector of the given values. */
    public static Tensor ofVector(TensorType type, int... values) {
        return of(type, Shape.of(values.length), values);
    }

    public TensorType type() {
        return type;
    }

    public Shape shape() {
        return shape;
    }

    /** The canonical bytes themselves, not a copy; never to be written to by a reader. */
    public byte[] data() {
        return data;
    }

    public int byteLength() {
        return data.length;
    }

    /** The element at a row-major index. */
    public int get(int index) {
        return switch (type) {
            case INT8 -> data[index];
            case INT16 -> (short) SHORT.get(data, 2 * index);
            case INT32 -> (int) INT.get(data, 4 * index);
        };
    }

    /** @throws IllegalArgumentException when the value is not of this type */
    public void set(int index, int value) {
        if (!type.holds(value)) {
            throw new IllegalArgumentException(value + " is no " + type);
        }
        switch (type) {
            case INT8 -> data[index] = (byte) value;
            case INT16 -> SHORT.set(data, 2 * index, (short) value);
            case INT32 -> INT.set(data, 4 * index, value);
        }
    }

    /** The same bytes under another shape of as many elements. */
    public Tensor reshaped(Shape other) {
        if (other.elements() != shape.elements()) {
            throw new IllegalArgumentException(shape + " cannot be viewed as " + other);
        }
        return new Tensor(type, other, data);
    }

    /** Elements in row-major order. */
    public int[] toArray() {
        int[] values = new int[shape.elements()];
        if (type == TensorType.INT32) {
            ByteBuffer.wrap(data).asIntBuffer().get(values);
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor tensor
                && type == tensor.type
                && shape.equals(tensor.shape)
                && Arrays.equals(data, tensor.data);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return type + " " + shape;
    }
}
