package io.engram.client.consensus.validator;

import io.engram.genesis.Address;
import java.util.Map;

/** Where a node's votes on validators outlive it. Used by one thread at a time. */
public interface VoteStore {

    /** What was saved last: candidates with the direction of the vote, true to add. */
    Map<Address, Boolean> load();

    /**
     * Takes the place of what was saved before; returns when it is on the disk.
     *
     * @param votes at most {@link PendingVotes#MAX_CANDIDATES}
     */
    void save(Map<Address, Boolean> votes);
}
