package io.engram.client.sync;

import io.engram.p2p.eth.BlockRange;
import io.engram.p2p.eth.EthPeer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The peers that blocks may be asked of. One that did not keep its word is left alone for a while. Thread-safe. */
final class SyncPeers {

    private final InstantSource clock;
    private final Map<EthPeer, Instant> usableFrom = new LinkedHashMap<>();
    private int turn;

    SyncPeers(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(EthPeer peer) {
        usableFrom.put(peer, Instant.MIN);
    }

    synchronized void remove(EthPeer peer) {
        usableFrom.remove(peer);
    }

    synchronized void coolOff(EthPeer peer) {
        usableFrom.computeIfPresent(peer, (same, until) -> clock.instant().plus(SyncLimits.COOL_OFF));
    }

    /** A peer that says it has block {@code number}; of several the one that says it has most. */
    synchronized Optional<EthPeer> best(long number) {
        return having(number).stream().max(Comparator.comparingLong(SyncPeers::latest));
    }

    /** The peers that say they have block {@code number} in turn. */
    synchronized Optional<EthPeer> next(long number) {
        List<EthPeer> having = having(number);
        turn++;
        return having.isEmpty() ? Optional.empty() : Optional.of(having.get(Math.floorMod(turn, having.size())));
    }

    /** The highest block that any peer says it has. */
    synchronized long highest() {
        return usable().stream().mapToLong(SyncPeers::latest).max().orElse(0);
    }

    private List<EthPeer> having(long number) {
        return usable().stream().filter(peer -> latest(peer) >= number).toList();
    }

    private List<EthPeer> usable() {
        Instant now = clock.instant();
        List<EthPeer> usable = new ArrayList<>();
        usableFrom.forEach((peer, from) -> {
            if (!now.isBefore(from)) {
                usable.add(peer);
            }
        });
        return usable;
    }

    private static long latest(EthPeer peer) {
        return peer.range().map(BlockRange::latest).orElse(0L);
    }
}
