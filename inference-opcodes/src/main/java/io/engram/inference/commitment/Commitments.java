package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The roots of protocol B: {@code SHA-256(tag ‖ u64 length-or-count ‖ top)}. */
public final class Commitments {

    /** Bytes of a leaf of a model's tree. */
    public static final int MODEL_CHUNK = 16 * 1024;

    /** Bytes of a leaf of a tensor's tree. */
    public static final int TENSOR_CHUNK = 4 * 1024;

    private Commitments() {}

    /** The identity of a model file. */
    public static Hash modelId(byte[] file) {
        return modelId(file.length, MerkleTree.topOfChunks(file, MODEL_CHUNK));
    }

    /** The identity of a file of this length whose tree has this top. */
    public static Hash modelId(long length, Hash top) {
        return root(CommitmentTag.MODEL, length, top);
    }

    /** Covers type, shape and canonical bytes. */
    public static Hash tensorRoot(Tensor tensor) {
        Sha256 sha = new Sha256();
        Hash top = MerkleTree.topOfChunks(sha, tensor.data(), TENSOR_CHUNK);
        return tensorRoot(sha, tensor.type(), tensor.shape(), tensor.byteLength(), top);
    }

    /** The root of a tensor whose chunks have this top. */
    public static Hash tensorRoot(TensorType type, Shape shape, long length, Hash top) {
        return tensorRoot(new Sha256(), type, shape, length, top);
    }

    private static Hash tensorRoot(Sha256 sha, TensorType type, Shape shape, long length, Hash top) {
        return sha.add(tensorHeader(type, shape, length)).add(top.toArray()).finish();
    }

    /** What a tensor root covers before the top. */
    public static byte[] tensorHeader(TensorType type, Shape shape, long length) {
        ByteBuffer header = ByteBuffer.allocate(CommitmentTag.SIZE + 2 + 4 * shape.rank() + 8)
                .put(CommitmentTag.TENSOR.bytes())
                .put((byte) type.code())
                .put((byte) shape.rank());
        for (int axis = 0; axis < shape.rank(); axis++) {
            header.putInt(shape.dimension(axis));
        }
        return header.putLong(length).array();
    }

    /** The root over all inputs, or all outputs, of an inference, given the roots of the tensors in graph order. */
    public static Hash valuesRoot(List<Hash> tensorRoots) {
        List<byte[]> leaves = new ArrayList<>(tensorRoots.size());
        for (Hash root : tensorRoots) {
            leaves.add(root.toArray());
        }
        return root(
                CommitmentTag.VALUES, leaves.size(), MerkleTree.ofLeaves(leaves).top());
    }

    /** The root over all steps of an inference, in order. */
    public static Hash stepsRoot(List<StepLeaf> steps) {
        return stepsRoot(steps.size(), stepTree(steps).top());
    }

    /** The root over {@code count} steps whose tree has this top. */
    public static Hash stepsRoot(int count, Hash top) {
        return root(CommitmentTag.STEPS, count, top);
    }

    public static MerkleTree stepTree(List<StepLeaf> steps) {
        return MerkleTree.ofSteps(steps);
    }

    /** SHA-256 of attributes as big-endian int32. */
    public static Hash attributeHash(int[] attributes) {
        Sha256 sha = new Sha256();
        for (int attribute : attributes) {
            sha.addInt(attribute);
        }
        return sha.finish();
    }

    static Hash root(CommitmentTag tag, long count, Hash top) {
        return new Sha256().add(tag.bytes()).addLong(count).add(top.toArray()).finish();
    }
}
