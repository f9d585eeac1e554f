package io.engram.client.consensus.validator;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.VoteSource;
import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node's operator wants changed about the validators: a vote in each block that the node proposes, for the
 * candidates in turn, until the wish has come true or is taken back. Kept in memory, as Besu does. Thread-safe.
 */
public final class PendingVotes implements VoteSource {

    /** Candidates at a time. */
    public static final int MAX_CANDIDATES = 1_000;

    private final long epochLength;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Address, Boolean> wishes = new TreeMap<>();

    public PendingVotes(long epochLength) {
        this.epochLength = epochLength;
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
            wishes.put(candidate, add);
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void discard(Address candidate) {
        lock.lock();
        try {
            wishes.remove(candidate);
        } finally {
            lock.unlock();
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
