package io.engram.client.consensus.validator;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.VoteSource;
import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node's operator wants changed about the validators: a vote in each block that the node proposes, for the
 * candidates in turn, until the wish has come true or is taken back. Thread-safe.
 */
public final class PendingVotes implements VoteSource {

    /** Candidates at a time. */
    public static final int MAX_CANDIDATES = 1_000;

    private final long epochLength;
    private final ReentrantLock lock = new ReentrantLock();
    private final VoteStore store;
    private SortedMap<Address, Boolean> wishes;

    /** Takes up what the store has. */
    public PendingVotes(long epochLength, VoteStore store) {
        this.epochLength = epochLength;
        this.store = store;
        this.wishes = new TreeMap<>(store.load());
    }

    /**
     * @param add or drop
     * @return whether there was room
     */
    public boolean propose(Address candidate, boolean add) {
        lock.lock();
        try {
            if (wishes.size() >= MAX_CANDIDATES && !wishes.containsKey(candidate)) {
                return false;
            }
            TreeMap<Address, Boolean> changed = new TreeMap<>(wishes);
            changed.put(candidate, add);
            replace(changed);
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void discard(Address candidate) {
        lock.lock();
        try {
            TreeMap<Address, Boolean> changed = new TreeMap<>(wishes);
            changed.remove(candidate);
            replace(changed);
        } finally {
            lock.unlock();
        }
    }

    /** A vote that cannot be saved is not cast. */
    private void replace(SortedMap<Address, Boolean> changed) {
        if (!changed.equals(wishes)) {
            store.save(changed);
            wishes = changed;
        }
    }

    /** Candidates with the direction of the wish: true to add. */
    public Map<Address, Boolean> all() {
        lock.lock();
        try {
            return Map.copyOf(wishes);
        } finally {
            lock.unlock();
        }
    }

    /** None in an epoch block, whose vote nobody would count. */
    @Override
    public Optional<QbftExtraData.Vote> voteAfter(BlockHeader parent, ValidatorSet validators) {
        long number = parent.number() + 1;
        if (number % epochLength == 0) {
            return Optional.empty();
        }
        lock.lock();
        try {
            var open = wishes.entrySet().stream()
                    .filter(wish -> validators.contains(wish.getKey()) != wish.getValue())
                    .toList();
            if (open.isEmpty()) {
                return Optional.empty();
            }
            var chosen = open.get((int) (number % open.size()));
            return Optional.of(new QbftExtraData.Vote(chosen.getKey(), chosen.getValue()));
        } finally {
            lock.unlock();
        }
    }
}
