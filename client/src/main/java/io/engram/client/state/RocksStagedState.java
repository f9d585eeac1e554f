package io.engram.client.state;

import io.engram.genesis.Hash;

/** The successor of a head, as writes on the heap. */
final class RocksStagedState implements StagedState {

    private final StateHead base;
    private final StateHead next;
    private final StateWrites writes;

    RocksStagedState(StateHead base, StateHead next, StateWrites writes) {
        this.base = base;
        this.next = next;
        this.writes = writes;
    }

    @Override
    public Hash root() {
        return next.root();
    }

    StateHead base() {
        return base;
    }

    StateHead next() {
        return next;
    }

    StateWrites writes() {
        return writes;
    }
}
