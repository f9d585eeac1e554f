package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** What a tensor's root covers beside its bytes. */
public record TensorForm(TensorType type, Shape shape) {

    /** Bytes of a tensor of this form. */
    public long bytes() {
        return (long) shape.elements() * type.bytes();
    }

    /** The root of the tensor of this form whose canonical bytes begin at {@code offset}. */
    Hash root(byte[] data, int offset) {
        byte[] bytes = Arrays.copyOfRange(data, offset, Math.toIntExact(offset + bytes()));
        return Commitments.tensorRoot(
                type, shape, bytes.length, MerkleTree.topOfChunks(bytes, Commitments.TENSOR_CHUNK));
    }

    int encodedSize() {
        return 2 + Integer.BYTES * shape.rank();
    }

    void write(ByteBuffer out) {
        out.put((byte) type.code()).put((byte) shape.rank());
        for (int axis = 0; axis < shape.rank(); axis++) {
            out.putInt(shape.dimension(axis));
        }
    }

    /** Empty for bytes that {@link #write} never gives. */
    static Optional<TensorForm> read(ByteBuffer in) {
        if (in.remaining() < 2) {
            return Optional.empty();
        }
        Optional<TensorType> type = TensorType.ofCode(in.get());
        int rank = in.get();
        if (type.isEmpty() || rank < 1 || rank > Shape.MAX_RANK || in.remaining() < rank * Integer.BYTES) {
            return Optional.empty();
        }
        int[] dimensions = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            dimensions[axis] = in.getInt();
        }
        return Shape.isValid(dimensions)
                ? Optional.of(new TensorForm(type.get(), Shape.of(dimensions)))
                : Optional.empty();
    }
}
