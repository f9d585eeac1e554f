package io.engram.inference.opcode;

import io.engram.evm.LocalFaultException;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
import java.util.ArrayList;
import java.util.List;

/** The inferences of one block while it is executed. One thread. */
public final class InferenceBlock {

    /** Outputs of a block that are kept, in their encoded form: what a block full of ordinary call data takes on the disk. */
    public static final int MAX_OUTPUT_BYTES = 4 << 20;

    private final InferenceConfig config;
    private final ModelDirectory directory;
    private final ModelSource source;
    private final InferenceEngine engine;
    private final InferenceTerms terms;
    private final OperationSet operations;
    private final List<InferenceReceipt> receipts = new ArrayList<>();
    private final List<InferenceOutput> outputs = new ArrayList<>();
    private long outputBytes;
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
        for (Inference inference : inferences.inferences()) {
            steps += inference.steps();
            keep(new InferenceOutput(inference.form(), inference.output()));
        }
    }

    private void keep(InferenceOutput output) {
        outputBytes += output.encodedSize();
        if (outputBytes <= MAX_OUTPUT_BYTES) {
            outputs.add(output);
        } else {
            outputs.clear();
        }
    }

    /** In the order of execution. */
    public List<InferenceReceipt> receipts() {
        return List.copyOf(receipts);
    }

    /** What the inferences that {@link #receipts} lists gave; none when they take more than {@link #MAX_OUTPUT_BYTES}. */
    public List<InferenceOutput> outputs() {
        return List.copyOf(outputs);
    }

    /** The block's inference root; zero without inferences. */
    public Hash root() {
        return InferenceRoot.of(receipts);
    }

    /** Inference gas of the included transactions. */
    public long gasUsed() {
        return gasUsed;
    }

    /** Steps of the inferences that {@link #receipts} lists, as far as they were computed here. */
    public long steps() {
        return steps;
    }

    InferenceConfig config() {
        return config;
    }

    ModelDirectory directory() {
        return directory;
    }

    /** Inference gas that the block can hold. */
    long gasLimit() {
        return Math.min(config.blockInferenceGasLimit(), terms.gasLimit());
    }

    /** Whether calls of the model may be in the block. */
    boolean admits(Hash modelId) {
        return terms.admitted().test(modelId);
    }

    /** The results of a call that has been paid for. */
    List<Inference> run(Hash modelId, ModelFacts facts, byte[] samples) {
        if (terms.given().isPresent()) {
            return terms.given().get().next(modelId, facts, samples);
        }
        Model model = source.load(modelId);
        if (!model.id().equals(modelId) || !model.facts().equals(facts)) {
            throw new LocalFaultException("the file of model " + modelId + " is not the one that was attested");
        }
        terms.observer().running(model, samples);
        return engine.run(model, samples, terms.demand());
    }
}
