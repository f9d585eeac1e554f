package io.engram.p2p.discovery.v4;

import io.engram.genesis.Hash;
import io.engram.p2p.discovery.v4.Packet.Neighbor;
import io.engram.p2p.peer.AddressLimits;
import io.engram.p2p.peer.NodeId;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The nodes that answered, by their distance from this one: in each of 256 buckets up to {@link #BUCKET_SIZE}, least recently
 * seen first. A public /24 (IPv4) or /48 (IPv6) has a limited share of a bucket and of the table, so that one operator cannot
 * fill it. Not thread-safe.
 */
final class NodeTable {

    static final int BUCKET_SIZE = 16;

    private static final int BUCKETS = 256;
    private static final int SUBNET_IN_BUCKET = 2;
    private static final int SUBNET_IN_TABLE = 10;

    private final NodeId self;
    private final Hash position;
    private final List<ArrayDeque<Neighbor>> buckets = new ArrayList<>();

    NodeTable(NodeId self) {
        this.self = self;
        this.position = self.position();
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new ArrayDeque<>());
        }
    }

    static Hash distance(Hash a, Hash b) {
        return new Hash(a.w0() ^ b.w0(), a.w1() ^ b.w1(), a.w2() ^ b.w2(), a.w3() ^ b.w3());
    }

    private ArrayDeque<Neighbor> bucket(NodeId id) {
        Hash distance = distance(position, id.position());
        return buckets.get(Math.max(0, BUCKETS - 1 - distance.toBytes().numberOfLeadingZeros()));
    }

    /**
     * A node has answered: it becomes the most recently seen of its bucket.
     *
     * @return when the bucket is full, the node that must fail to answer before this one may take its place
     */
    Optional<Neighbor> seen(Neighbor node) {
        if (node.id().equals(self)) {
            return Optional.empty();
        }
        ArrayDeque<Neighbor> bucket = bucket(node.id());
        boolean known = bucket.removeIf(each -> each.id().equals(node.id()));
        if (!admits(bucket, node)) {
            return Optional.empty();
        }
        if (!known && bucket.size() >= BUCKET_SIZE) {
            return Optional.of(bucket.getFirst());
        }
        bucket.addLast(node);
        return Optional.empty();
    }

    private boolean admits(Collection<Neighbor> bucket, Neighbor node) {
        InetAddress address = node.endpoint().address();
        return !AddressLimits.isPublic(address)
                || (sharing(bucket, address) < SUBNET_IN_BUCKET && sharing(all(), address) < SUBNET_IN_TABLE);
    }

    private static long sharing(Collection<Neighbor> nodes, InetAddress address) {
        return nodes.stream()
                .filter(node -> AddressLimits.isSameSubnet(node.endpoint().address(), address))
                .count();
    }

    void remove(NodeId id) {
        bucket(id).removeIf(node -> node.id().equals(id));
    }

    boolean contains(NodeId id) {
        return bucket(id).stream().anyMatch(node -> node.id().equals(id));
    }

    int size() {
        return buckets.stream().mapToInt(ArrayDeque::size).sum();
    }

    List<Neighbor> all() {
        return buckets.stream().flatMap(Collection::stream).toList();
    }

    /** The nodes closest to a target, closest first. */
    List<Neighbor> closest(Hash target, int limit) {
        return all().stream().sorted(byDistance(target)).limit(limit).toList();
    }

    static Comparator<Neighbor> byDistance(Hash target) {
        return Comparator.comparing(node -> distance(node.id().position(), target));
    }

    /** The least recently seen node of some bucket. */
    Optional<Neighbor> someOldest(RandomGenerator random) {
        List<ArrayDeque<Neighbor>> filled =
                buckets.stream().filter(bucket -> !bucket.isEmpty()).toList();
        return filled.isEmpty()
                ? Optional.empty()
                : Optional.of(filled.get(random.nextInt(filled.size())).getFirst());
    }
}
