package io.engram.client.node;

/** How a node comes to the results of inferences in blocks that carry a quorum of seals (protocol E5). */
public enum SyncInference {
    /** It computes them all. */
    VERIFY,
    /** It takes them from peers, where they hash to the block's inference root, and needs no model for that. */
    SEALED
}
