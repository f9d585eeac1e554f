package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is committed of one step (protocol B2).
 *
 * @param index of the node in the graph
 * @param operatorCode as in the model file
 * @param inputRoots of all operands in order, constants too
 * @param outputRoots of all results; every operator has one
 */
public record StepLeaf(
        Hash modelId, int index, int operatorCode, Hash attributeHash, List<Hash> inputRoots, List<Hash> outputRoots) {

    /** Bytes of {@link #toBytes} without roots. */
    private static final int FIXED_SIZE = CommitmentTag.SIZE + 2 * Hash.SIZE + 16;

    public StepLeaf {
        inputRoots = List.copyOf(inputRoots);
        outputRoots = List.copyOf(outputRoots);
    }

    /** The data of the leaf. */
    public byte[] toBytes() {
        byte[] bytes = new byte[size()];
        write(bytes);
        return bytes;
    }

    /** Bytes of {@link #toBytes}. */
    int size() {
        return FIXED_SIZE + (inputRoots.size() + outputRoots.size()) * Hash.SIZE;
    }

    /** Writes {@link #toBytes} to the begin of {@code bytes}. */
    void write(byte[] bytes) {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put(CommitmentTag.STEP.bytes())
                .put(modelId.toArray())
                .putInt(index)
                .putInt(operatorCode)
                .put(attributeHash.toArray());
        put(inputRoots, bytes, out);
        put(outputRoots, bytes, out);
    }

    /** The inverse of {@link #toBytes}; empty for bytes that it never gives. */
    public static Optional<StepLeaf> ofBytes(byte[] bytes) {
        byte[] tag = CommitmentTag.STEP.bytes();
        if (bytes.length < FIXED_SIZE || !Arrays.equals(bytes, 0, tag.length, tag, 0, tag.length)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(tag.length);
        Hash modelId = hash(in);
        int index = in.getInt();
        int operatorCode = in.getInt();
        Hash attributeHash = hash(in);
        Optional<List<Hash>> inputs = roots(in);
        Optional<List<Hash>> outputs = inputs.isPresent() ? roots(in) : Optional.empty();
        if (outputs.isEmpty() || in.hasRemaining() || index < 0 || operatorCode < 0) {
            return Optional.empty();
        }
        return Optional.of(
                new StepLeaf(modelId, index, operatorCode, attributeHash, inputs.orElseThrow(), outputs.orElseThrow()));
    }

    private static Hash hash(ByteBuffer in) {
        byte[] hash = new byte[Hash.SIZE];
        in.get(hash);
        return Hash.of(hash);
    }

    private static Optional<List<Hash>> roots(ByteBuffer in) {
        if (in.remaining() < Integer.BYTES) {
            return Optional.empty();
        }
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / Hash.SIZE) {
            return Optional.empty();
        }
        List<Hash> roots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            roots.add(hash(in));
        }
        return Optional.of(roots);
    }

    /** @param out wraps the bytes */
    private static void put(List<Hash> roots, byte[] bytes, ByteBuffer out) {
        out.putInt(roots.size());
        int at = out.position();
        for (Hash root : roots) {
            root.write(bytes, at);
            at += Hash.SIZE;
        }
        out.position(at);
    }
}
