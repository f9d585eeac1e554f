package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import java.util.LinkedHashSet;

/** Hashes that a peer has seen, so that nothing is sent to it twice; the oldest is forgotten first. Thread-safe. */
final class KnownHashes {

    private final int capacity;
    private final LinkedHashSet<Hash> hashes = new LinkedHashSet<>();

    KnownHashes(int capacity) {
        this.capacity = capacity;
    }

    /** @return whether it was new */
    synchronized boolean add(Hash hash) {
        boolean added = hashes.add(hash);
        if (hashes.size() > capacity) {
            hashes.removeFirst();
        }
        return added;
    }

    synchronized boolean contains(Hash hash) {
        return hashes.contains(hash);
    }
}
