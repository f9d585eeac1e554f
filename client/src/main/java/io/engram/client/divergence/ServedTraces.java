package io.engram.client.divergence;

import io.engram.client.chain.BlockReplay;
import io.engram.client.chain.ChainStore;
import io.engram.client.chain.ProposedInferences;
import io.engram.client.chain.RunLog;
import io.engram.client.exchange.InferenceTraces;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.Model;
import io.engram.inference.opcode.ModelSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traces of inferences that this node gives to others: those of its latest proposals as it computed them then, and those
 * of the chain's blocks: receipts and outputs as they are stored, steps of the latest blocks computed again where the engine no
 * longer has them (protocol F6). Thread-safe.
 */
public final class ServedTraces implements InferenceTraces {

    private static final Logger LOG = LoggerFactory.getLogger(ServedTraces.class);

    /** Blocks below the head whose steps are computed again for others. */
    static final long BLOCKS = 256;

    private final ChainStore store;
    private final ProposedInferences proposed;
    private final InferenceEngine engine;
    private final ModelSource models;
    private final BlockReplay replay;

    /** One at a time: others must not keep this node busy. */
    private final Semaphore recomputing = new Semaphore(1);

    public ServedTraces(
            ChainStore store,
            ProposedInferences proposed,
            InferenceEngine engine,
            ModelSource models,
            BlockReplay replay) {
        this.store = store;
        this.proposed = proposed;
        this.engine = engine;
        this.models = models;
        this.replay = replay;
    }

    @Override
    public Optional<List<Bytes>> receipts(Hash block) {
        return find(block)
                .map(receipts -> receipts.stream()
                        .map(receipt -> Bytes.wrap(receipt.toBytes()))
                        .toList());
    }

    private Optional<List<InferenceReceipt>> find(Hash block) {
        return proposed.find(block).or(() -> store.inferences(block));
    }

    @Override
    public Optional<List<Bytes>> outputs(Hash block) {
        return store.inferenceOutputs(block)
                .map(outputs -> outputs.stream()
                        .map(output -> Bytes.wrap(output.toBytes()))
                        .toList());
    }

    @Override
    public Optional<List<Bytes>> steps(Hash block, int inference) {
        Optional<List<InferenceReceipt>> receipts = find(block);
        if (receipts.isEmpty() || inference < 0 || inference >= receipts.get().size()) {
            return Optional.empty();
        }
        InferenceReceipt receipt = receipts.get().get(inference);
        try {
            Model model = models.load(receipt.modelId());
            return engine.recordedSteps(model, receipt.stepsRoot())
                    .or(() -> recompute(block, inference, receipt))
                    .map(steps -> steps.stream()
                            .map(step -> Bytes.wrap(step.toBytes()))
                            .toList());
        } catch (LocalFaultException e) {
            LOG.debug("The steps of block {} are not at hand", block, e);
            return Optional.empty();
        }
    }

    private Optional<List<StepLeaf>> recompute(Hash hash, int inference, InferenceReceipt receipt) {
        Optional<Block> block = store.block(hash)
                .filter(found -> found.header().number() + BLOCKS > store.head().number())
                .filter(found -> store.canonicalHash(found.header().number()).equals(Optional.of(hash)));
        if (block.isEmpty() || !recomputing.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return replay.inferences(block.get())
                    .filter(rerun -> inference < rerun.runs().size())
                    .map(rerun -> {
                        RunLog.Run run = rerun.runs().get(inference);
                        return engine.steps(run.model(), run.sample());
                    })
                    .filter(steps -> Commitments.stepsRoot(steps).equals(receipt.stepsRoot()));
        } finally {
            recomputing.release();
        }
    }
}
