package io.engram.inference.engine.cuda;

import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Between canonical tensors and elements in the machine's order. */
final class Elements {

    private Elements() {}

    static void copyIn(Tensor tensor, MemorySegment target) {
        swap(
                tensor.type(),
                ByteBuffer.wrap(tensor.data()),
                target.asByteBuffer().order(ByteOrder.nativeOrder()));
    }

    static Tensor copyOut(Value value, MemorySegment source) {
        byte[] data = new byte[(int) value.bytes()];
        swap(
                value.type(),
                source.asSlice(0, data.length).asByteBuffer().order(ByteOrder.nativeOrder()),
                ByteBuffer.wrap(data));
        return Tensor.wrap(value.type(), value.shape(), data);
    }

    private static void swap(TensorType type, ByteBuffer from, ByteBuffer to) {
        switch (type) {
            case INT8 -> to.put(from);
            case INT16 -> to.asShortBuffer().put(from.asShortBuffer());
            case INT32 -> to.asIntBuffer().put(from.asIntBuffer());
        }
    }
}
