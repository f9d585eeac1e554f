package io.engram.p2p.discovery.v4;

import io.engram.genesis.Hash;
import io.engram.p2p.discovery.v4.Packet.Neighbor;
import io.engram.p2p.peer.NodeId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The state of one search for the nodes closest to a target: whom to ask next. Asks {@link #CONCURRENCY} at a time and ends when
 * the {@link NodeTable#BUCKET_SIZE} closest nodes seen were asked. Not thread-safe.
 */
final class Lookup {

    static final int CONCURRENCY = 3;

    private final TreeSet<Neighbor> closest;
    private final Set<NodeId> asked = new HashSet<>();
    private final Set<NodeId> offered = new HashSet<>();
    private int underWay;

    Lookup(NodeId self, Hash target, Collection<Neighbor> known) {
        closest = new TreeSet<>(NodeTable.byDistance(target));
        offered.add(self);
        learn(known);
    }

    /** Takes in nodes; only the closest are kept. */
    void learn(Collection<Neighbor> nodes) {
        for (Neighbor node : nodes) {
            if (offered.add(node.id())) {
                closest.add(node);
            }
        }
        while (closest.size() > NodeTable.BUCKET_SIZE) {
            closest.pollLast();
        }
    }

    /** The nodes to ask now; each counts as under way until {@link #answered}. */
    List<Neighbor> next() {
        List<Neighbor> next = closest.stream()
                .filter(node -> !asked.contains(node.id()))
                .limit(Math.max(0, CONCURRENCY - underWay))
                .toList();
        next.forEach(node -> asked.add(node.id()));
        underWay += next.size();
        return next;
    }

    /** Whether nobody is under way and nobody is left to ask. */
    boolean isOver() {
        return underWay == 0 && closest.stream().allMatch(node -> asked.contains(node.id()));
    }

    /** A node answered, or will not. */
    void answered() {
        underWay--;
    }
}
