package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;

/** The chain as block production sees it. */
public interface ProposalSource {

    BlockHeader head();

    /** The validators of the block after the head. */
    ValidatorSet validators();

    /** Whether there are transactions that a block could take. */
    boolean hasWork();

    /**
     * Builds and executes a block on the head; it may turn out empty.
     *
     * @param timestamp seconds since 1970
     * @param maxTransactions the block's upper bound
     * @throws io.engram.evm.LocalFaultException when this node cannot execute at present
     */
    Proposal propose(Address coinbase, long timestamp, int maxTransactions);

    /** Makes the sealed form of a proposal the head. The head must still be the one that it was built on. */
    void commit(Proposal proposal, Block sealed);
}
