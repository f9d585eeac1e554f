package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import io.engram.p2p.peer.Answer;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** The messages of the protocol after Status. */
sealed interface MdlMessage {

    /** A message that asks; its answer carries the same number. */
    sealed interface Request extends MdlMessage {
        long requestId();
    }

    /** The answer to a {@link Request}. */
    sealed interface Response extends MdlMessage, Answer {}

    /** Takes the place of what the sender said before. */
    record Held(HeldModels held) implements MdlMessage {}

    /** Asks for {@code count} chunks of a model file from number {@code first} on. */
    record GetChunks(long requestId, Hash modelId, int first, int count) implements Request {}

    record Chunks(long requestId, long modelBytes, List<ModelChunk> items) implements Response {}

    /** Validators' signatures of a model, 65 bytes each; whose they are follows from them. */
    record Attestations(Hash modelId, List<Bytes> signatures) implements MdlMessage {}

    /**
     * Validators' signatures by which a model is suspended, or let go on.
     *
     * @param nonce which change of the model this is
     */
    record Suspensions(Hash modelId, boolean suspended, long nonce, List<Bytes> signatures) implements MdlMessage {}

    /** Asks for the traces of all inferences of a block, or of one that was only proposed. */
    record GetInferenceReceipts(long requestId, Hash blockHash) implements Request {}

    record InferenceReceipts(long requestId, List<Bytes> items) implements Response {}

    /** Asks for the leaves of all steps of a block's inference. */
    record GetSteps(long requestId, Hash blockHash, int inference) implements Request {}

    record Steps(long requestId, List<Bytes> items) implements Response {}

    /** Asks for what all inferences of a block gave. */
    record GetInferenceOutputs(long requestId, Hash blockHash) implements Request {}

    record InferenceOutputs(long requestId, List<Bytes> items) implements Response {}
}
