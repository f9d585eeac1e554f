package io.engram.client.state;

import io.engram.genesis.Hash;

/** The way back from a head to an earlier block, computed but not written. */
public final class StagedRewind {

    private final StateHead from;
    private final StateHead to;
    private final StateWrites writes;

    StagedRewind(StateHead from, StateHead to, StateWrites writes) {
        this.from = from;
        this.to = to;
        this.writes = writes;
    }

    /** State root after the earlier block. */
    public Hash root() {
        return to.root();
    }

    StateHead from() {
        return from;
    }

    StateHead to() {
        return to;
    }

    StateWrites writes() {
        return writes;
    }
}
