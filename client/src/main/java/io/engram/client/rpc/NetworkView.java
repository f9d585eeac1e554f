package io.engram.client.rpc;

import java.util.Optional;

/** What users may know of the network that the node is part of. Thread-safe. */
public interface NetworkView {

    /** A node by itself. */
    NetworkView ALONE = new NetworkView() {
        @Override
        public boolean isListening() {
            return true;
        }

        @Override
        public int peerCount() {
            return 0;
        }

        @Override
        public Optional<Syncing> syncing() {
            return Optional.empty();
        }
    };

    /** Block numbers: where syncing began, where it is, where it goes to. */
    record Syncing(long starting, long current, long highest) {}

    boolean isListening();

    int peerCount();

    /** Present while the chain is behind that of the peers. */
    Optional<Syncing> syncing();
}
