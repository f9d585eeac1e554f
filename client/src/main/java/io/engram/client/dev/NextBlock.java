package io.engram.client.dev;

import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.ChainEvent;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What helpers have set for blocks to come: gas limit and coinbase for all of them, base fee and prevRandao for one.
 * Blocks that change the state by decree do not count. Thread-safe.
 */
public final class NextBlock implements Supplier<BlockOverrides> {

    private BlockOverrides overrides = BlockOverrides.NONE;
    private boolean decreeing;

    @Override
    public synchronized BlockOverrides get() {
        return decreeing ? overrides.lasting() : overrides;
    }

    synchronized void setGasLimit(long gasLimit) {
        overrides = new BlockOverrides(
                Optional.of(gasLimit), overrides.coinbase(), overrides.baseFee(), overrides.randomness());
    }

    synchronized void setCoinbase(Address coinbase) {
        overrides = new BlockOverrides(
                overrides.gasLimit(), Optional.of(coinbase), overrides.baseFee(), overrides.randomness());
    }

    synchronized void setBaseFee(Wei baseFee) {
        overrides = new BlockOverrides(
                overrides.gasLimit(), overrides.coinbase(), Optional.of(baseFee), overrides.randomness());
    }

    synchronized void setRandomness(Hash randomness) {
        overrides = new BlockOverrides(
                overrides.gasLimit(), overrides.coinbase(), overrides.baseFee(), Optional.of(randomness));
    }

    /** Brackets the making of a block by decree. */
    synchronized void decreeing(boolean begins) {
        decreeing = begins;
    }

    synchronized void clear() {
        overrides = BlockOverrides.NONE;
    }

    /** What is set at present, for {@link #restore}. */
    synchronized BlockOverrides set() {
        return overrides;
    }

    synchronized void restore(BlockOverrides earlier) {
        overrides = earlier;
    }

    /** To be told of every change of the head. */
    public synchronized void onChange(ChainEvent event) {
        if (event instanceof ChainEvent.Appended && !decreeing) {
            overrides = overrides.lasting();
        }
    }
}
