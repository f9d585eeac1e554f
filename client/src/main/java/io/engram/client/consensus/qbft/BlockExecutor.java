package io.engram.client.consensus.qbft;

import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;

/**
 * Executes blocks for consensus. Every call returns at once; the answer comes as an event with the same ticket. There is
 * no time limit on execution; it is given up when another block is decided at its height (protocol F1).
 */
public interface BlockExecutor {

    /** Whether a block made now would hold transactions. */
    boolean hasTransactions();

    /** Makes a block: {@link QbftEvent.BlockBuilt}. */
    void build(long ticket, ProposalRequest request);

    /**
     * Executes an unsealed block on its parent, compares every root, and answers with {@link QbftEvent.BlockJudged}. A
     * root that differs is computed again on the reference back end before the block is called invalid (protocol F2).
     */
    void validate(long ticket, Block block, BlockHeader parent);

    /**
     * Adds a block that carries a quorum of seals: {@link QbftEvent.HeadChanged}, or {@link QbftEvent.ImportFailed}.
     */
    void importDecided(Block sealed);
}
