package io.engram.client.consensus.qbft;

/** What a node is doing at its height. */
public enum Phase {
    /** It is no validator at this height, or may not sign yet. */
    FOLLOWING,
    WAITING_FOR_BLOCK_PERIOD,
    WAITING_FOR_TRANSACTIONS,
    AWAITING_PROPOSAL,
    /** It makes the block of this round. */
    BUILDING,
    /** It executes the proposed block. */
    VERIFYING,
    /** It found the proposed block invalid. */
    REFUSING,
    /** It cannot tell whether the proposed block is valid, or may not sign in this round. */
    ABSTAINING,
    AWAITING_PREPARES,
    AWAITING_COMMITS,
    /** The block is decided and on its way into the chain. */
    IMPORTING,
    /** It cannot follow the chain by a fault of its own. */
    STALLED
}
