package io.engram.p2p.peer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Scores and bans of nodes, connected or not. Points fade at one a second; at {@link PeerLimits#BAN_SCORE} the node is banned
 * for {@link PeerLimits#BAN}. Bounded: the node heard of least recently is forgotten first. Thread-safe.
 */
final class Reputation {

    private final InstantSource clock;
    private final Map<NodeId, Standing> standings = new LinkedHashMap<>(16, 0.75f, true);

    /** Points at a time, and the end of a ban. */
    private record Standing(long points, Instant at, Optional<Instant> bannedUntil) {

        long pointsAt(Instant now) {
            return Math.max(0, points - Duration.between(at, now).toSeconds());
        }
    }

    Reputation(InstantSource clock) {
        this.clock = clock;
    }

    /** @return whether the node is banned now */
    synchronized boolean penalise(NodeId node, Penalty penalty) {
        Instant now = clock.instant();
        Standing old = standings.getOrDefault(node, new Standing(0, now, Optional.empty()));
        long points = old.pointsAt(now) + penalty.points();
        boolean ban = points >= PeerLimits.BAN_SCORE;
        standings.put(
                node,
                ban
                        ? new Standing(0, now, Optional.of(now.plus(PeerLimits.BAN)))
                        : new Standing(points, now, old.bannedUntil()));
        if (standings.size() > PeerLimits.REMEMBERED_NODES) {
            standings.remove(standings.keySet().iterator().next());
        }
        return ban;
    }

    synchronized boolean isBanned(NodeId node) {
        return Optional.ofNullable(standings.get(node))
                .flatMap(Standing::bannedUntil)
                .filter(clock.instant()::isBefore)
                .isPresent();
    }

    /** Lifts a ban and clears the score. */
    synchronized void forgive(NodeId node) {
        standings.remove(node);
    }
}
