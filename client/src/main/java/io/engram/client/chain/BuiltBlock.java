package io.engram.client.chain;

import io.engram.client.consensus.Proposal;
import io.engram.client.state.StagedState;
import io.engram.genesis.block.Block;

/**
 * A block that this node made, executed and without seals.
 *
 * @param executed with everything that will be stored, but for the seals
 * @param state its state, staged on the head that it follows
 */
public record BuiltBlock(ExecutedBlock executed, StagedState state) implements Proposal {

    @Override
    public Block block() {
        return executed.block();
    }

    /** The same with seals, which change neither its hash nor its execution. */
    ExecutedBlock sealedAs(Block sealed) {
        return executed.sealedAs(sealed);
    }
}
