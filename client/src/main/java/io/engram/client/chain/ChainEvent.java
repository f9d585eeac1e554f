package io.engram.client.chain;

/** A change of the head. */
public sealed interface ChainEvent {

    /** The head after the change. */
    ChainStore.Head head();

    /** The chain grew by one block. */
    record Appended(ChainStore.Head head, ExecutedBlock block) implements ChainEvent {}

    /** An earlier block became the head again; blocks from {@code firstRemoved} on are gone. */
    record Rewound(ChainStore.Head head, long firstRemoved) implements ChainEvent {}
}
