package io.engram.client.chain;

import io.engram.evm.BlockContext;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;

/** Executions for the eye: calls that leave nothing behind, and blocks of the chain run once more. Thread-safe. */
public final class Simulation {

    private final Blockchain chain;
    private final EvmFactory evm;
    private final BlockExecutions executions;
    private final Optional<InferenceSupport> inference;

    public Simulation(
            Blockchain chain, EvmFactory evm, BlockExecutions executions, Optional<InferenceSupport> inference) {
        this.chain = chain;
        this.evm = evm;
        this.executions = executions;
        this.inference = inference;
    }

    /** The rules of an existing block. */
    public BlockRules rules(BlockHeader header) {
        if (header.number() == 0) {
            return chain.rules().at(0, header.timestamp(), header.difficulty());
        }
        return chain.rules()
                .at(
                        header.number(),
                        header.timestamp(),
                        chain.store().totalDifficulty(header.parentHash()).orElse(header.difficulty()));
    }

    /** What code sees of an existing block. */
    public BlockContext context(BlockHeader header) {
        return BlockContexts.of(header, rules(header), chain.ancestors());
    }

    /**
     * What code would see of the block after the head.
     *
     * @param timestamp seconds since 1970
     */
    public BlockContext next(long timestamp, Address coinbase, long gasLimit) {
        ChainStore.Head head = chain.head();
        BlockRules rules = chain.rules().after(head, timestamp);
        BlockContext now = context(head.header());
        return new BlockContext(
                rules.fork(),
                rules.chainId(),
                head.number() + 1,
                timestamp,
                gasLimit,
                coinbase,
                now.difficultyOrRandao(),
                rules.fork().isAtLeast(Fork.LONDON)
                        ? chain.rules().nextBaseFee(head.header())
                        : Wei.ZERO,
                nextBlobBaseFee(timestamp),
                chain.ancestors());
    }

    /** The price of blob gas in the block after the head; zero before Cancun. */
    public Wei nextBlobBaseFee(long timestamp) {
        ChainStore.Head head = chain.head();
        BlockRules rules = chain.rules().after(head, timestamp);
        return rules.blobs()
                .map(blobs -> BlobGas.baseFee(HeaderRules.excessBlobGas(head.header(), rules), blobs))
                .orElse(Wei.ZERO);
    }

    /**
     * Runs a message and forgets its effects.
     *
     * @param state that the message runs on, possibly with overrides
     * @param committed that the inference opcodes take the registry's facts from (protocol C2)
     */
    public TransactionOutcome call(
            Call message, BlockContext block, StateReader state, StateReader committed, Tracer tracer) {
        // The call runs as if in a block after the committed state.
        Optional<BlockOperations> operations = chain.rules()
                .inference()
                .filter(config -> block.number() >= config.activationBlock())
                .flatMap(config -> inference.map(support -> support.begin(config, committed, block.number() + 1)))
                .map(BlockOperations::new);
        return evm.processor(operations).call(message, block, evm.journal(state), tracer);
    }

    /**
     * Runs a block of the chain again, observing one of its transactions.
     *
     * @return false when the states or blocks needed are not kept
     */
    public boolean trace(Block block, int transactionIndex, Tracer tracer) {
        BlockHeader header = block.header();
        Optional<ParentState> parent = parentState(header);
        if (parent.isEmpty()) {
            return false;
        }
        try {
            BlockExecution execution = executions.begin(header, parent.get());
            List<Transaction> transactions = block.body().transactions();
            for (int i = 0; i <= transactionIndex; i++) {
                execution.execute(transactions.get(i), i == transactionIndex ? tracer : Tracer.NONE);
            }
            return true;
        } catch (InvalidBlockException e) {
            throw new IllegalStateException("block " + header.number() + " cannot be run again: " + e.getMessage(), e);
        }
    }

    /** What an existing block was executed on; empty when the state is not kept. */
    public Optional<ParentState> parentState(BlockHeader header) {
        Hash parentHash = header.parentHash();
        Optional<BlockHeader> above = chain.store().header(parentHash);
        Optional<StateReader> state = chain.stateAfter(header.number() - 1);
        if (above.isEmpty() || state.isEmpty()) {
            return Optional.empty();
        }
        ChainStore.Head parent = new ChainStore.Head(
                parentHash,
                above.get(),
                chain.store().totalDifficulty(parentHash).orElse(above.get().difficulty()));
        return Optional.of(new ParentState(parent, state.get(), chain.ancestors(), changes -> Hash.ZERO));
    }
}
