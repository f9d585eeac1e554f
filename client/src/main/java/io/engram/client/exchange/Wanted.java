package io.engram.client.exchange;

import io.engram.genesis.Hash;
import java.util.Set;

/**
 * A model that this node lacks.
 *
 * @param sizes lengths that the file may have: those that were paid for
 */
record Wanted(Hash modelId, Priority priority, Set<Long> sizes) {

    /** What it is wanted for; the later come first. */
    enum Priority {
        /** To be checked and signed. */
        ANNOUNCED,
        /** A quorum has signed: calls may come. */
        ATTESTED,
        /** A block calls it. */
        NEEDED
    }

    Wanted {
        sizes = Set.copyOf(sizes);
    }
}
