package io.engram.client.consensus.qbft;

import io.engram.genesis.Hash;
import java.util.LinkedHashSet;
import java.util.Set;

/** The last so many messages by hash. */
final class SeenMessages {

    private final int limit;
    private final Set<Hash> hashes = new LinkedHashSet<>();

    SeenMessages(int limit) {
        this.limit = limit;
    }

    boolean contains(Hash message) {
        return hashes.contains(message);
    }

    /** Whether it is a new one. */
    boolean add(Hash message) {
        boolean added = hashes.add(message);
        if (hashes.size() > limit) {
            hashes.remove(hashes.iterator().next());
        }
        return added;
    }
}
