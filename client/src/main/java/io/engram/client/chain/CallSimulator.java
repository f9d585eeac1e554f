package io.engram.client.chain;

import io.engram.evm.BlockContext;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.inference.opcode.InferenceBlock;
import io.engram.inference.opcode.InferenceTerms;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs messages on the states of canonical blocks, as eth_call and eth_estimateGas do; keeps nothing. Thread-safe.
 * Models are called at the prices and limits of the block; what this node lacks is a
 * {@link io.engram.evm.LocalFaultException}.
 */
public final class CallSimulator {

    private final Blockchain chain;
    private final EvmFactory evm;
    private final Optional<InferenceSupport> inference;

    public CallSimulator(Blockchain chain, EvmFactory evm, Optional<InferenceSupport> inference) {
        this.chain = chain;
        this.evm = evm;
        this.inference = inference;
    }

    /**
     * A state to run messages on one after another, each on what the one before left. Used by one thread.
     *
     * @param block what the messages see of the block they run in
     */
    public record Session(BlockContext block, Journal journal, TransactionProcessor processor) {

        /** Runs a message; what it changed stays for the next one. */
        public TransactionOutcome call(Call message, Tracer tracer) {
            return processor.call(message, block, journal, tracer);
        }
    }

    /**
     * Runs one message in the block of {@code header}, on the state after it.
     *
     * @param overrides applied to the state first
     * @return empty when this node does not have that state
     */
    public Optional<TransactionOutcome> call(
            BlockHeader header, Call message, Consumer<Journal> overrides, Tracer tracer) {
        return onTopOf(header, InferenceTerms.CONSENSUS).map(session -> {
            overrides.accept(session.journal());
            return session.call(message, tracer);
        });
    }

    /**
     * The state after a canonical block, with that block's number, time and fees; empty when it is not here.
     *
     * @param terms on which models are run
     */
    public Optional<Session> onTopOf(BlockHeader header, InferenceTerms terms) {
        return chain.stateAfter(header.number())
                .map(state ->
                        session(header, chain.rules().of(header, chain.store()), state, header.number() + 1, terms));
    }

    /** The state after the head, in a block that would follow it at once. */
    public Session pending(Address coinbase, long timestamp, InferenceTerms terms) {
        ChainStore.Head head = chain.head();
        BlockRules rules = chain.rules().after(head, timestamp);
        BlockBuilder.Attributes attributes = new BlockBuilder.Attributes(
                coinbase, timestamp, Hash.ZERO, 0, BlockBuilder.ANY_MODEL, BlockOverrides.NONE);
        BlockHeader draft = DraftHeader.of(
                chain.rules(), head, rules, attributes, head.header().gasLimit());
        return session(draft, rules, chain.requireStateAfter(head.number()), head.number() + 1, terms);
    }

    /** @param modelsAt number of the block for which the state is the parent's: models are those active there */
    private Session session(
            BlockHeader header, BlockRules rules, StateReader state, long modelsAt, InferenceTerms terms) {
        Optional<InferenceBlock> models = chain.rules()
                .inference()
                .filter(config -> modelsAt >= config.activationBlock())
                .flatMap(config -> inference.map(support -> support.begin(config, state, modelsAt, terms)));
        return new Session(
                BlockContexts.of(header, rules, chain.ancestors()),
                evm.journal(state),
                evm.processor(models.map(InferenceBlock::operations)));
    }
}
