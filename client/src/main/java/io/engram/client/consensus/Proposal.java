package io.engram.client.consensus;

import io.engram.genesis.block.Block;

/** A block that this node would propose: complete, executed and unsealed. */
public interface Proposal {

    /** With the round of the proposal and no seals in its extra data. */
    Block block();
}
