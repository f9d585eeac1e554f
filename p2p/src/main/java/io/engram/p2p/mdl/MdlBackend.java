package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The model files, and what inferences left behind, that this node gives to others. Implementations are thread-safe and may
 * block; what is not at hand is empty.
 */
public interface MdlBackend {
    Hash inferenceConfigHash();

    /** At most {@link MdlLimits#HELD} models. */
    HeldModels held();

    /**
     * @param first number of the first chunk, from 0
     * @param count at most {@link MdlLimits#CHUNKS}; fewer are returned at the end of the file
     */
    ModelChunks chunks(Hash modelId, int first, int count);

    /** The traces of a block's inferences in order, each as its leaf's data; of a proposal too, where this node knows it. */
    Optional<List<Bytes>> inferenceReceipts(Hash blockHash);

    /**
     * What the inferences of a block gave, in order, each as {@code docs/inference-spec.md} encodes it; together at most
     * {@link MdlLimits#OUTPUT_BYTES}.
     */
    Optional<List<Bytes>> inferenceOutputs(Hash blockHash);

    /**
     * The leaves of all steps of one inference.
     *
     * @param inference its place among the block's inferences, from 0
     */
    Optional<List<Bytes>> steps(Hash blockHash, int inference);
}
