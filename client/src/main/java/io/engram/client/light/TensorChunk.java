package io.engram.client.light;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.MerkleProof;
import io.engram.inference.commitment.MerkleTree;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * A piece of an operand or a result of a step, as its tensor's root commits to it.
 *
 * @param side whether of an operand or of a result
 * @param position among the operands, or the results
 * @param chunk index among the pieces of {@link Commitments#TENSOR_CHUNK} bytes
 * @param data canonical bytes
 * @param path siblings from the piece up
 */
public record TensorChunk(
        Side side, int position, TensorType type, Shape shape, int chunk, Bytes data, List<Hash> path) {
    public TensorChunk {
        path = List.copyOf(path);
    }

    /** Which tensors of a step. */
    public enum Side {
        INPUT(0),
        OUTPUT(1);

        private final int code;

        Side(int code) {
            this.code = code;
        }

        /** The number that stands for it in proofs. */
        int code() {
            return code;
        }

        static Optional<Side> ofCode(int code) {
            return switch (code) {
                case 0 -> Optional.of(INPUT);
                case 1 -> Optional.of(OUTPUT);
                default -> Optional.empty();
            };
        }
    }

    /** @throws IndexOutOfBoundsException when the tensor has no such piece */
    public static TensorChunk of(Side side, int position, Tensor tensor, int chunk) {
        MerkleProof proof =
                MerkleTree.ofChunks(tensor.data(), Commitments.TENSOR_CHUNK).proof(chunk);
        int start = chunk * Commitments.TENSOR_CHUNK;
        int size = Math.min(Commitments.TENSOR_CHUNK, tensor.byteLength() - start);
        return new TensorChunk(
                side,
                position,
                tensor.type(),
                tensor.shape(),
                chunk,
                Bytes.wrap(tensor.data(), start, size),
                proof.path());
    }

    /** The root of the tensor that has this piece there; empty when no tensor of this type and shape can. */
    public Optional<Hash> tensorRoot() {
        long length = (long) shape.elements() * type.bytes();
        int chunks = Math.toIntExact((length - 1) / Commitments.TENSOR_CHUNK + 1);
        if (chunk < 0 || chunk >= chunks) {
            return Optional.empty();
        }
        long expected = Math.min(Commitments.TENSOR_CHUNK, length - (long) chunk * Commitments.TENSOR_CHUNK);
        if (data.size() != expected) {
            return Optional.empty();
        }
        return new MerkleProof(chunk, chunks, path)
                .top(data.toArray())
                .map(top -> Commitments.tensorRoot(type, shape, length, top));
    }
}
