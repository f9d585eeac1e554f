package io.engram.inference.opcode;

import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.Model;
import java.util.ArrayList;
import java.util.List;

/** The inferences of one block while it is executed. One thread. */
public final class InferenceBlock {

    private final InferenceConfig config;
    private final ModelDirectory directory;
    private final ModelSource source;
    private final InferenceEngine engine;
    private final InferenceTerms terms;
    private final OperationSet operations;
    private final List<InferenceReceipt> receipts = new ArrayList<>();
    private long gasUsed;
    private long steps;

    /** A block that is executed for its own sake. */
    public InferenceBlock(
            InferenceConfig config, ModelDirectory directory, ModelSource source, InferenceEngine engine) {
        this(config, directory, source, engine, InferenceTerms.CONSENSUS);
    }

    /** @param directory the registry at the end of the parent block */
    public InferenceBlock(
            InferenceConfig config,
            ModelDirectory directory,
            ModelSource source,
            InferenceEngine engine,
            InferenceTerms terms) {
        this.config = config;
        this.directory = directory;
        this.source = source;
        this.engine = engine;
        this.terms = terms;
        this.operations = new InferenceOperations(this);
    }

    /** What this block contributes to the EVM. */
    public OperationSet operations() {
        return operations;
    }

    /**
     * Takes up a transaction that is now part of the block; one that is left out is simply not given.
     *
     * @param transaction what {@link OperationSet#begin} of {@link #operations} returned, settled
     */
    public void include(TransactionExtension transaction, int transactionIndex) {
        if (!(transaction instanceof InferenceTransaction inferences)) {
            throw new IllegalArgumentException("a transaction of another operation set");
        }
        receipts.addAll(inferences.receipts(transactionIndex));
        gasUsed += inferences.inferenceGas();
        steps += inferences.inferences().stream().mapToLong(Inference::steps).sum();
    }

    /** In the order of execution. */
    public List<InferenceReceipt> receipts() {
        return List.copyOf(receipts);
    }

    /** The block's inference root; zero without inferences. */
    public Hash root() {
        return InferenceRoot.of(receipts);
    }

    /** Inference gas of the included transactions. */
    public long gasUsed() {
        return gasUsed;
    }

    /** Steps of the inferences that {@link #receipts} lists. */
    public long steps() {
        return steps;
    }

    InferenceConfig config() {
        return config;
    }

    ModelDirectory directory() {
        return directory;
    }

    ModelSource source() {
        return source;
    }

    /** Inference gas that the block can hold. */
    long gasLimit() {
        return Math.min(config.blockInferenceGasLimit(), terms.gasLimit());
    }

    /** Computes a call that has been paid for. */
    List<Inference> run(Model model, byte[] samples) {
        terms.observer().running(model, samples);
        return engine.run(model, samples, terms.demand());
    }
}
