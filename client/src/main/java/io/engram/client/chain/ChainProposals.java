package io.engram.client.chain;

import io.engram.client.consensus.Proposal;
import io.engram.client.consensus.ProposalSource;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.pool.TransactionPool;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The chain and the pool as block production sees them. Thread-safe. */
public final class ChainProposals implements ProposalSource {

    private final Blockchain chain;
    private final ValidatorProvider validators;
    private final BlockBuilder builder;
    private final TransactionPool pool;
    private final Supplier<BlockOverrides> overrides;

    /** @param overrides asked for each block; none but on development networks */
    public ChainProposals(
            Blockchain chain,
            ValidatorProvider validators,
            BlockBuilder builder,
            TransactionPool pool,
            Supplier<BlockOverrides> overrides) {
        this.chain = chain;
        this.validators = validators;
        this.builder = builder;
        this.pool = pool;
        this.overrides = overrides;
    }

    @Override
    public BlockHeader head() {
        return chain.head().header();
    }

    @Override
    public ValidatorSet validators() {
        return validators.after(head());
    }

    @Override
    public boolean hasWork() {
        return pool.select(nextBaseFee(overrides.get())).peek().isPresent();
    }

    @Override
    public Proposal propose(Address coinbase, long timestamp, int maxTransactions) {
        BlockOverrides set = overrides.get();
        return builder.build(
                new BlockBuilder.Attributes(
                        coinbase, timestamp, Hash.ZERO, maxTransactions, BlockBuilder.ANY_MODEL, set),
                new PoolSource(pool, nextBaseFee(set)));
    }

    private Wei nextBaseFee(BlockOverrides set) {
        return set.baseFee().orElseGet(() -> pool.head().baseFee());
    }

    /** An empty block that changes the state by decree ({@link BlockBuilder#build}), for development networks. */
    public Proposal proposeDecree(Address coinbase, long timestamp, Consumer<Journal> decree) {
        return builder.build(
                new BlockBuilder.Attributes(coinbase, timestamp, Hash.ZERO, 0, BlockBuilder.ANY_MODEL, overrides.get()),
                TransactionSource.of(List.of()),
                decree);
    }

    @Override
    public void commit(Proposal proposal, Block sealed) {
        if (!(proposal instanceof BuiltBlock built)) {
            throw new IllegalArgumentException("not a proposal of this chain");
        }
        chain.append(built.sealedAs(sealed), built.state());
    }
}
