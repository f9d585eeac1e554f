package io.engram.client.consensus.qbft.message;

/** The two shapes of proposals and round changes. Both are understood; a node sends one. */
public enum WireEncoding {
    /** With a slot for the block's access list, always empty here: Besu 26.1 and later. */
    ACCESS_LIST_SLOT,
    /** Without it: Besu 25 and earlier, GoQuorum. */
    LEGACY
}
