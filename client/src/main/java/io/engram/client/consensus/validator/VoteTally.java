package io.engram.client.consensus.validator;

import io.engram.genesis.Address;
import io.engram.genesis.qbft.QbftExtraData.Vote;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The validators and the votes about them that are still open, as Besu counts them: more than half of the validators add
 * or drop one; a validator's last vote on a candidate counts; a decided candidate's votes are spent, and a dropped
 * validator's own votes with them. Immutable.
 */
record VoteTally(List<Address> validators, Map<Address, Set<Address>> toAdd, Map<Address, Set<Address>> toDrop) {

    VoteTally {
        validators = List.copyOf(new TreeSet<>(validators));
        toAdd = Map.copyOf(toAdd);
        toDrop = Map.copyOf(toDrop);
    }

    static VoteTally of(List<Address> validators) {
        return new VoteTally(validators, Map.of(), Map.of());
    }

    VoteTally after(Address voter, Vote vote) {
        Address candidate = vote.candidate();
        Map<Address, Set<Address>> add = copy(toAdd);
        Map<Address, Set<Address>> drop = copy(toDrop);
        (vote.add() ? add : drop)
                .computeIfAbsent(candidate, none -> new HashSet<>())
                .add(voter);
        (vote.add() ? drop : add).getOrDefault(candidate, new HashSet<>()).remove(voter);
        int needed = validators.size() / 2 + 1;
        Set<Address> changed = new TreeSet<>(validators);
        if (votes(add, candidate) >= needed) {
            changed.add(candidate);
            forget(candidate, add, drop);
        } else if (votes(drop, candidate) >= needed) {
            changed.remove(candidate);
            forget(candidate, add, drop);
            add.values().forEach(voters -> voters.remove(candidate));
            drop.values().forEach(voters -> voters.remove(candidate));
        }
        return new VoteTally(List.copyOf(changed), add, drop);
    }

    private static int votes(Map<Address, Set<Address>> of, Address candidate) {
        return of.getOrDefault(candidate, Set.of()).size();
    }

    private static void forget(Address candidate, Map<Address, Set<Address>> add, Map<Address, Set<Address>> drop) {
        add.remove(candidate);
        drop.remove(candidate);
    }

    private static Map<Address, Set<Address>> copy(Map<Address, Set<Address>> votes) {
        Map<Address, Set<Address>> copied = new HashMap<>();
        votes.forEach((candidate, voters) -> copied.put(candidate, new HashSet<>(voters)));
        return copied;
    }
}
