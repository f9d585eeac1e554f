package io.engram.p2p.peer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Decides whom to dial next: persistent nodes whenever they are missing, candidates while there is room. A node is left alone
 * for a time that doubles with each dial up to {@link PeerLimits#BACKOFF_MAX}, or {@link PeerLimits#NAMED_BACKOFF_MAX} where an
 * operator named it, with jitter, until a session with it has lasted.
 * Thread-safe.
 */
final class Dialler {

    private static final double JITTER = 0.25;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<NodeId, EnodeUrl> persistent = new LinkedHashMap<>();
    private final Map<NodeId, EnodeUrl> candidates = new LinkedHashMap<>();
    private final Set<NodeId> bootNodes = new HashSet<>();
    private final Map<NodeId, Attempts> attempts = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<NodeId> underWay = new HashSet<>();

    private record Attempts(int count, Instant notBefore) {}

    Dialler(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** @return false when there are {@link PeerLimits#PERSISTENT_NODES} already */
    synchronized boolean addPersistent(EnodeUrl node) {
        if (persistent.size() >= PeerLimits.PERSISTENT_NODES && !persistent.containsKey(node.id())) {
            return false;
        }
        persistent.put(node.id(), node);
        attempts.remove(node.id());
        return true;
    }

    synchronized boolean removePersistent(NodeId node) {
        return persistent.remove(node) != null;
    }

    synchronized boolean isPersistent(NodeId node) {
        return persistent.containsKey(node);
    }

    synchronized Collection<EnodeUrl> persistentNodes() {
        return List.copyOf(persistent.values());
    }

    /** Remembers a node that might be dialled; of too many the newest are forgotten. */
    synchronized void addCandidate(EnodeUrl node) {
        if (candidates.size() < PeerLimits.CANDIDATES || candidates.containsKey(node.id())) {
            candidates.put(node.id(), node);
        }
    }

    /** A candidate that is never forgotten. */
    synchronized void addBootNode(EnodeUrl node) {
        if (bootNodes.size() < PeerLimits.PERSISTENT_NODES) {
            bootNodes.add(node.id());
            candidates.put(node.id(), node);
        }
    }

    /**
     * Takes the nodes to dial now; each counts as under way until {@link #ended}.
     *
     * @param room how many candidates may be dialled
     * @param eligible whether a node may be dialled at all: not connected, not banned, allowed; called under this object's lock
     */
    synchronized List<EnodeUrl> due(int room, Predicate<NodeId> eligible) {
        Instant now = clock.instant();
        List<EnodeUrl> due = new ArrayList<>();
        for (EnodeUrl node : persistent.values()) {
            if (isFree(node, now, eligible)) {
                due.add(node);
            }
        }
        int candidatesTaken = 0;
        for (EnodeUrl node : List.copyOf(candidates.values())) {
            if (candidatesTaken >= room - underWay.size()) {
                break;
            }
            if (!persistent.containsKey(node.id()) && isFree(node, now, eligible)) {
                due.add(node);
                candidatesTaken++;
                // To the end of the line, so that every candidate has its turn.
                candidates.remove(node.id());
                candidates.put(node.id(), node);
            }
        }
        List<EnodeUrl> taken = due.subList(0, Math.min(due.size(), PeerLimits.CONCURRENT_DIALS - underWay.size()));
        taken.forEach(node -> begin(node, now));
        return List.copyOf(taken);
    }

    private boolean isFree(EnodeUrl node, Instant now, Predicate<NodeId> eligible) {
        boolean waited = Optional.ofNullable(attempts.get(node.id()))
                .map(before -> !now.isBefore(before.notBefore()))
                .orElse(true);
        return waited && !underWay.contains(node.id()) && eligible.test(node.id());
    }

    private void begin(EnodeUrl node, Instant now) {
        underWay.add(node.id());
        int count = Optional.ofNullable(attempts.get(node.id()))
                .map(Attempts::count)
                .orElse(0);
        attempts.put(node.id(), new Attempts(count + 1, now.plus(backoff(count, longestWait(node.id())))));
        if (attempts.size() > PeerLimits.REMEMBERED_NODES) {
            attempts.remove(attempts.keySet().iterator().next());
        }
    }

    private Duration longestWait(NodeId node) {
        return persistent.containsKey(node) || bootNodes.contains(node)
                ? PeerLimits.NAMED_BACKOFF_MAX
                : PeerLimits.BACKOFF_MAX;
    }

    private Duration backoff(int failures, Duration longest) {
        long doubled = PeerLimits.BACKOFF_MIN.toMillis() << Math.min(failures, 16);
        double spread = 1 + JITTER * (2 * random.nextDouble() - 1);
        return Duration.ofMillis((long) (Math.min(doubled, longest.toMillis()) * spread));
    }

    /** The dial of a node is over; a candidate that could not be reached is forgotten, unless it is a boot node. */
    synchronized void ended(NodeId node, boolean opened) {
        underWay.remove(node);
        if (!opened && !bootNodes.contains(node)) {
            candidates.remove(node);
        }
    }

    /** A session with the node was long enough for the next loss of it to be answered at once. */
    synchronized void wasStable(NodeId node) {
        attempts.remove(node);
    }
}
