package io.engram.client.state;

import io.engram.genesis.Hash;

/** A computed but unwritten successor of the head state. */
public interface StagedState {

    /** Root of the state trie with the changes applied. */
    Hash root();
}
