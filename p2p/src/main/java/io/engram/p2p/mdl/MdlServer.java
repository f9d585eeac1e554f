package io.engram.p2p.mdl;

import io.engram.p2p.mdl.MdlMessage.Chunks;
import io.engram.p2p.mdl.MdlMessage.GetChunks;
import io.engram.p2p.mdl.MdlMessage.GetInferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.GetSteps;
import io.engram.p2p.mdl.MdlMessage.InferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.Request;
import io.engram.p2p.mdl.MdlMessage.Response;
import io.engram.p2p.mdl.MdlMessage.Steps;
import io.engram.p2p.peer.TokenBucket;
import java.time.Duration;
import java.util.List;

/** Answers the requests of one peer from the backend, no faster than {@link MdlLimits} says. Used by the peer's own thread. */
final class MdlServer {

    private final MdlBackend backend;
    private final TokenBucket chunks =
            new TokenBucket(MdlLimits.CHUNKS_PER_SECOND, MdlLimits.CHUNK_BURST, System::nanoTime);
    private final TokenBucket others =
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
            case GetInferenceReceipts get -> {
                pause(others.take());
                yield new InferenceReceipts(
                        get.requestId(),
                        backend.inferenceReceipts(get.blockHash()).orElse(List.of()));
            }
            case GetSteps get -> {
                pause(others.take());
                yield new Steps(
                        get.requestId(),
                        backend.steps(get.blockHash(), get.inference()).orElse(List.of()));
            }
        };
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
