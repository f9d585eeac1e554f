package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.util.List;

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
    public StepLeaf {
        inputRoots = List.copyOf(inputRoots);
        outputRoots = List.copyOf(outputRoots);
    }

    /** The data of the leaf. */
    public byte[] toBytes() {
        int roots = inputRoots.size() + outputRoots.size();
        ByteBuffer out = ByteBuffer.allocate(CommitmentTag.SIZE + 2 * Hash.SIZE + 16 + roots * Hash.SIZE);
        out.put(CommitmentTag.STEP.bytes())
                .put(modelId.toArray())
                .putInt(index)
                .putInt(operatorCode)
                .put(attributeHash.toArray());
        put(out, inputRoots);
        put(out, outputRoots);
        return out.array();
    }

    private static void put(ByteBuffer out, List<Hash> roots) {
        out.putInt(roots.size());
        for (Hash root : roots) {
            out.put(root.toArray());
        }
    }
}
