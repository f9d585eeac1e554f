package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.QbftMessage.RoundChange;
import io.engram.genesis.Address;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The round changes of one height, bounded for each validator. */
final class RoundChanges {

    /** Of one validator, the latest; earlier ones have served. */
    static final int KEPT_PER_VALIDATOR = 4;

    private final Map<Address, NavigableMap<Integer, RoundChange>> byAuthor = new TreeMap<>();

    /** The highest round in which each validator is known to be. */
    private final Map<Address, Integer> reached = new TreeMap<>();

    boolean add(RoundChange change) {
        noteReached(change.author(), change.at().round());
        NavigableMap<Integer, RoundChange> own = byAuthor.computeIfAbsent(change.author(), author -> new TreeMap<>());
        boolean added = own.putIfAbsent(change.at().round(), change) == null;
        if (own.size() > KEPT_PER_VALIDATOR) {
            own.pollFirstEntry();
        }
        return added;
    }

    void noteReached(Address validator, int round) {
        reached.merge(validator, round, Math::max);
    }

    /** Ascending by author. */
    List<RoundChange> to(int round) {
        return byAuthor.values().stream()
                .flatMap(own -> Optional.ofNullable(own.get(round)).stream())
                .toList();
    }

    /** How many validators are in this round or a later one. */
    long reaching(int round) {
        return reached.values().stream().filter(other -> other >= round).count();
    }

    /** The highest round that {@code count} of the others have reached; 0 when there are not so many. */
    int reachedBy(int count, Address self) {
        return reached.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(self))
                .map(Map.Entry::getValue)
                .sorted(Comparator.reverseOrder())
                .skip(count - 1L)
                .findFirst()
                .orElse(0);
    }

    Map<Address, Integer> reached() {
        return Map.copyOf(reached);
    }
}
