package io.engram.client.sync;

/** What a block of others waits for before it is executed. */
@FunctionalInterface
public interface ImportGate {

    /** Nothing is waited for. */
    ImportGate OPEN = _ -> {};

    /** Returns when the block of this number may be executed. Called by one thread, block after block. */
    void await(long block) throws InterruptedException;
}
