package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import io.engram.p2p.mdl.MdlMessage.Attestations;
import io.engram.p2p.mdl.MdlMessage.Chunks;
import io.engram.p2p.mdl.MdlMessage.GetChunks;
import io.engram.p2p.mdl.MdlMessage.GetInferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.GetInferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.GetSteps;
import io.engram.p2p.mdl.MdlMessage.InferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.InferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.Response;
import io.engram.p2p.mdl.MdlMessage.Steps;
import io.engram.p2p.mdl.MdlMessage.Suspensions;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.Penalty;
import io.engram.p2p.peer.PendingRequests;
import io.engram.p2p.peer.RequestException;
import io.engram.p2p.rlpx.DisconnectReason;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.apache.tuweni.bytes.Bytes;

/**
 * A peer with the same rules of inference: ask it, tell it. Thread-safe.
 *
 * <p>A request returns what the peer has of what was asked for; the form of an answer is checked, its content is not. It fails
 * with a {@link RequestException} after {@link MdlLimits#REQUEST_TIMEOUT}, when the peer goes, or beyond
 * {@link MdlLimits#REQUESTS} at once. Stages that depend on the answer must not block.
 */
public final class MdlPeer {

    private final Peer peer;
    private final PendingRequests pending;
    private volatile HeldModels held;

    MdlPeer(Peer peer, MdlStatus status) {
        this.peer = peer;
        this.pending = new PendingRequests(peer, MdlLimits.REQUESTS, MdlLimits.REQUEST_TIMEOUT);
        this.held = new HeldModels(status.activeRoot(), Set.of());
    }

    public Peer peer() {
        return peer;
    }

    /** What the peer said last. */
    public HeldModels held() {
        return held;
    }

    /**
     * Asks for chunks that follow one another.
     *
     * @param first number of the first one, from 0
     * @param count at most {@link MdlLimits#CHUNKS}
     * @return from the first one on, perhaps fewer
     */
    public CompletableFuture<ModelChunks> chunks(Hash modelId, int first, int count) {
        return ask(Chunks.class, count, id -> new GetChunks(id, modelId, first, count))
                .thenApply(answer -> new ModelChunks(answer.modelBytes(), answer.items()));
    }

    /** Asks for the traces of a block's inferences in order; none when the peer does not have them. */
    public CompletableFuture<List<Bytes>> inferenceReceipts(Hash blockHash) {
        return ask(InferenceReceipts.class, MdlLimits.INFERENCE_RECEIPTS, id -> new GetInferenceReceipts(id, blockHash))
                .thenApply(InferenceReceipts::items);
    }

    /** Asks for what a block's inferences gave, in order; none when the peer does not have it. */
    public CompletableFuture<List<Bytes>> inferenceOutputs(Hash blockHash) {
        return ask(InferenceOutputs.class, MdlLimits.INFERENCE_RECEIPTS, id -> new GetInferenceOutputs(id, blockHash))
                .thenApply(InferenceOutputs::items);
    }

    /**
     * Asks for the leaves of an inference's steps; none when the peer does not have them.
     *
     * @param inference its place among the block's inferences, from 0
     * @param steps how many the model has; an answer with more fails
     */
    public CompletableFuture<List<Bytes>> steps(Hash blockHash, int inference, int steps) {
        return ask(Steps.class, steps, id -> new GetSteps(id, blockHash, inference))
                .thenApply(Steps::items);
    }

    private <R extends Response> CompletableFuture<R> ask(
            Class<R> answer, int limit, LongFunction<MdlMessage> request) {
        PendingRequests.Opened opened = pending.open(answer, limit);
        if (!opened.answer().isDone()) {
            send(request.apply(opened.id()));
        }
        return opened.answer().thenApply(answer::cast);
    }

    /** @param signatures at most {@link MdlLimits#SIGNATURES} */
    public void sendAttestations(Hash modelId, List<Bytes> signatures) {
        send(new Attestations(modelId, signatures));
    }

    /**
     * @param nonce which change of the model this is
     * @param signatures at most {@link MdlLimits#SIGNATURES}
     */
    public void sendSuspension(Hash modelId, boolean suspended, long nonce, List<Bytes> signatures) {
        send(new Suspensions(modelId, suspended, nonce, signatures));
    }

    /** The content of an answer was not what its root says: the peer is held to account and dropped. */
    public void reject() {
        peer.penalise(Penalty.INVALID_DATA);
        peer.disconnect(DisconnectReason.SUBPROTOCOL);
    }

    void send(MdlMessage message) {
        MdlCodec.Encoded encoded = MdlCodec.encode(message);
        peer.send(MdlProtocol.VERSION, encoded.code(), encoded.payload());
    }

    void holds(HeldModels now) {
        held = now;
    }

    void answered(Response response) {
        pending.answered(response);
    }

    void gone() {
        pending.close();
    }

    @Override
    public String toString() {
        return peer.toString();
    }
}
