package io.engram.client.exchange;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.MerkleProof;
import io.engram.p2p.mdl.ModelChunk;

/** Whether a piece belongs to a model file (protocol B1). */
final class ChunkCheck {

    private ChunkCheck() {}

    /** Chunks of a file with so many bytes, which must be at least one. */
    static int chunks(long modelBytes) {
        return Math.toIntExact((modelBytes - 1) / Commitments.MODEL_CHUNK + 1);
    }

    static int length(long modelBytes, int index) {
        return (int) (end(modelBytes, index) - start(index));
    }

    /** Where in the file a chunk begins. */
    static long start(int index) {
        return (long) index * Commitments.MODEL_CHUNK;
    }

    /** Where in the file a chunk ends. */
    static long end(long modelBytes, int index) {
        return Math.min(modelBytes, start(index + 1));
    }

    /** Whether the model's id covers this chunk at this place of a file of this length. */
    static boolean belongs(Hash modelId, long modelBytes, int index, ModelChunk chunk) {
        if (modelBytes < 1 || modelBytes > Integer.MAX_VALUE || index < 0 || index >= chunks(modelBytes)) {
            return false;
        }
        return chunk.data().size() == length(modelBytes, index)
                && new MerkleProof(index, chunks(modelBytes), chunk.path())
                        .top(chunk.data().toArray())
                        .filter(top -> Commitments.modelId(modelBytes, top).equals(modelId))
                        .isPresent();
    }
}
