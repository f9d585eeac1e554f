package io.engram.client.node;

import io.engram.client.exchange.InferenceTraces;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.Demand;
import io.engram.inference.opcode.InferenceTerms;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;

/**
 * The traces of blocks on the chain: receipts as they are stored, steps by running the block again, one block at a time: who
 * asks meanwhile gets nothing. Thread-safe.
 */
final class StoredTraces implements InferenceTraces {

    private final Node node;
    private final Semaphore runs = new Semaphore(1);

    StoredTraces(Node node) {
        this.node = node;
    }

    @Override
    public Optional<List<Bytes>> receipts(Hash blockHash) {
        return node.chain()
                .store()
                .inferences(blockHash)
                .map(all -> all.stream()
                        .map(InferenceReceipt::toBytes)
                        .map(Bytes::wrap)
                        .toList());
    }

    @Override
    public Optional<List<Bytes>> steps(Hash blockHash, int inference) {
        if (!runs.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return runAgain(blockHash, inference);
        } finally {
            runs.release();
        }
    }

    private Optional<List<Bytes>> runAgain(Hash blockHash, int inference) {
        Optional<Block> block = node.chain()
                .canonicalHeader(blockHash)
                .flatMap(_ -> node.chain().store().block(blockHash));
        if (block.isEmpty() || block.get().body().transactions().isEmpty()) {
            return Optional.empty();
        }
        RunLog log = new RunLog();
        int last = block.get().body().transactions().size() - 1;
        boolean ran = node.replay()
                .trace(
                        block.get(),
                        last,
                        Tracer.NONE,
                        InferenceTerms.of(Demand.call(Cancellation.NEVER)).observedBy(log));
        if (!ran || inference >= log.runs().size()) {
            return Optional.empty();
        }
        RunLog.Run run = log.runs().get(inference);
        return Optional.of(node.engine().steps(run.model(), run.sample(), Demand.call(Cancellation.NEVER)).stream()
                .map(StepLeaf::toBytes)
                .map(Bytes::wrap)
                .toList());
    }
}
