package io.engram.client.divergence;

import io.engram.client.chain.BlockReplay;
import io.engram.client.chain.InferenceDisagreement;
import io.engram.client.divergence.Divergence.Verdict;
import io.engram.evm.LocalFaultException;
import io.engram.inference.engine.InferenceEngine;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into disagreements one after another, on a thread that nobody waits for, and reports what it finds. */
public final class DivergenceReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DivergenceReporter.class);

    /** Disagreements that wait; more are counted nowhere, being of the same fault. */
    private static final int WAITING = 16;

    private final DivergenceCheck check;
    private final DivergenceLog found = new DivergenceLog();
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("inference-divergence").factory());

    /**
     * @param reference runs blocks on {@code referenceEngine}
     * @param own what this node judges blocks with
     */
    public DivergenceReporter(
            BlockReplay reference, InferenceEngine referenceEngine, InferenceEngine own, ProposerTraces traces) {
        this.check = new DivergenceCheck(reference, referenceEngine, own, traces);
    }

    /** Returns at once. */
    public void onDisagreement(InferenceDisagreement disagreement) {
        try {
            worker.execute(() -> look(disagreement));
        } catch (RejectedExecutionException e) {
            LOG.warn("The inferences of block {} are not looked into: too many others wait", disagreement.hash());
        }
    }

    private void look(InferenceDisagreement disagreement) {
        if (found.isPlaced(disagreement.hash())) {
            return;
        }
        try {
            for (Divergence divergence : check.check(disagreement)) {
                found.add(divergence);
                tell(divergence);
            }
        } catch (LocalFaultException e) {
            LOG.warn("The inferences of block {} cannot be looked into", disagreement.hash(), e);
        } catch (RuntimeException e) {
            LOG.error("The inferences of block {} could not be looked into", disagreement.hash(), e);
        }
    }

    private static void tell(Divergence divergence) {
        LOG.error(
                "Inference of block {} ({}) diverges: {} is wrong; {}; {}",
                divergence.blockNumber(),
                divergence.block(),
                divergence.verdict() == Verdict.PROPOSER
                        ? "its proposer " + divergence.proposer()
                        : "this node's back end " + divergence.backend(),
                divergence
                        .place()
                        .map(place -> "inference " + place.inference() + ", model " + place.modelId() + ", step "
                                + place.step() + " (" + place.operator() + "), result " + place.claimed()
                                + ", by the reference " + place.recomputed())
                        .orElse("the step is not known"),
                divergence.detail());
    }

    public DivergenceLog found() {
        return found;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
