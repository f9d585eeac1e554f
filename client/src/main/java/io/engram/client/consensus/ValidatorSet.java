package io.engram.client.consensus;

import io.engram.genesis.Address;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The validators in force at one height, in ascending order of address. Immutable; open to extension for tests. */
public class ValidatorSet {

    private final List<Address> sorted;
    private final Set<Address> members;

    /** @throws IllegalArgumentException when an address occurs twice */
    public ValidatorSet(List<Address> validators) {
        TreeSet<Address> ordered = new TreeSet<>(validators);
        if (ordered.size() != validators.size()) {
            throw new IllegalArgumentException("a validator is listed twice: " + validators);
        }
        this.sorted = List.copyOf(ordered);
        this.members = new HashSet<>(sorted);
    }

    /** Ascending. */
    public List<Address> addresses() {
        return sorted;
    }

    public int size() {
        return sorted.size();
    }

    public boolean contains(Address address) {
        return members.contains(address);
    }

    /** Seals or messages that decide: two thirds of the validators, rounded up. */
    public int quorum() {
        return (2 * size() + 2) / 3;
    }

    /**
     * Who proposes at a round of the height after the block that {@code parentProposer} made: the next address in
     * order, one further for each round; the next higher address where the parent's proposer is no longer a validator.
     *
     * @throws IllegalStateException when the set is empty
     */
    public Address proposer(Address parentProposer, int round) {
        if (sorted.isEmpty()) {
            throw new IllegalStateException("no validators");
        }
        int first = 0;
        while (first < size() && sorted.get(first).compareTo(parentProposer) <= 0) {
            first++;
        }
        return sorted.get(Math.floorMod((long) first + round, size()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ValidatorSet set && set.sorted.equals(sorted);
    }

    @Override
    public int hashCode() {
        return sorted.hashCode();
    }

    @Override
    public String toString() {
        return sorted.toString();
    }
}
