package io.engram.client.consensus;

import io.engram.genesis.block.BlockHeader;

/** Who the validators are. Thread-safe. */
public interface ValidatorProvider {

    /** The validators in force in the block after {@code parent}. */
    ValidatorSet after(BlockHeader parent);
}
