package io.engram.p2p.mdl;

import io.engram.p2p.mdl.MdlMessage.Chunks;
import io.engram.p2p.mdl.MdlMessage.GetChunks;
import io.engram.p2p.mdl.MdlMessage.GetInferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.GetInferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.GetSteps;
import io.engram.p2p.mdl.MdlMessage.InferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.InferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.Request;
import io.engram.p2p.mdl.MdlMessage.Response;
import io.engram.p2p.mdl.MdlMessage.Steps;
import io.engram.p2p.peer.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Answers the requests of one peer from the backend, no faster than {@link MdlLimits} says. Used by the peer's own thread. */
final class MdlServer {

    private final MdlBackend backend;
    private final TokenBucket chunks =
            new TokenBucket(MdlLimits.CHUNKS_PER_SECOND, MdlLimits.CHUNK_BURST, System::nanoTime);
    private final TokenBucket steps =
            new TokenBucket(MdlLimits.SERVED_PER_SECOND, MdlLimits.SERVED_BURST, System::nanoTime);

    MdlServer(MdlBackend backend) {
        this.backend = backend;
    }

    Response answer(Request request) {
        return switch (request) {
            case GetChunks get -> {
                pause(chunks.take(get.count()));
                ModelChunks found = backend.chunks(get.modelId(), get.first(), get.count());
                yield new Chunks(get.requestId(), found.modelBytes(), found.chunks());
            }
            case GetInferenceReceipts get ->
                new InferenceReceipts(get.requestId(), paced(backend.inferenceReceipts(get.blockHash())));
            case GetInferenceOutputs get ->
                new InferenceOutputs(get.requestId(), paced(backend.inferenceOutputs(get.blockHash())));
            case GetSteps get -> {
                pause(steps.take());
                yield new Steps(
                        get.requestId(),
                        backend.steps(get.blockHash(), get.inference()).orElse(List.of()));
            }
        };
    }

    /** What is stored is cheap to find, and costs as much as a model's chunks to send. None where no message holds it. */
    private List<Bytes> paced(Optional<List<Bytes>> found) {
        List<Bytes> items =
                found.filter(all -> all.size() <= MdlLimits.INFERENCE_RECEIPTS).orElse(List.of());
        int bytes = items.stream().mapToInt(Bytes::size).sum();
        pause(chunks.take(1 + bytes / MdlLimits.CHUNK_BYTES));
        return items;
    }

    private static void pause(Duration wait) {
        if (!wait.isZero()) {
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
