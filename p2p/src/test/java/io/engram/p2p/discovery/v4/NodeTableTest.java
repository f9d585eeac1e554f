package io.engram.p2p.discovery.v4;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.p2p.Seeds;
import io.engram.p2p.discovery.v4.Packet.Neighbor;
import io.engram.p2p.peer.NodeId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeTableTest {

    private static Neighbor node(Random random, InetAddress address) {
        return new Neighbor(new NodeId(Seeds.bytes(random, 64)), new Endpoint(address, 30_303, 30_303));
    }

    @Test
    void findsTheClosestOfAllItHolds() {
        Seeds.forSeeds(20, random -> {
            NodeTable table = new NodeTable(new NodeId(Seeds.bytes(random, 64)));
            for (int i = 0; i < 500; i++) {
                table.seen(node(random, InetAddress.getLoopbackAddress()));
            }
            Hash target = Hash.of(Seeds.bytes(random, 32));
            List<Neighbor> byHand = new ArrayList<>(table.all());
            byHand.sort((a, b) -> NodeTable.distance(a.id().position(), target)
                    .compareTo(NodeTable.distance(b.id().position(), target)));
            assertThat(table.closest(target, 16)).isEqualTo(byHand.subList(0, 16));
        });
    }

    @Test
    void aFullBucketNamesTheNodeThatMustFailFirst() {
        Random random = new Random(1);
        NodeTable table = new NodeTable(new NodeId(Seeds.bytes(random, 64)));
        List<Neighbor> refused = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Neighbor next = node(random, InetAddress.getLoopbackAddress());
            table.seen(next).ifPresent(oldest -> {
                assertThat(table.contains(oldest.id())).isTrue();
                assertThat(table.contains(next.id())).isFalse();
                table.remove(oldest.id());
                assertThat(table.seen(next)).isEmpty();
                refused.add(oldest);
            });
        }
        assertThat(refused).isNotEmpty();
        assertThat(table.size()).isLessThanOrEqualTo(200 - refused.size());
    }

    @Test
    void oneSubnetHasAFewPlaces() throws UnknownHostException {
        Random random = new Random(1);
        NodeTable table = new NodeTable(new NodeId(Seeds.bytes(random, 64)));
        for (int i = 0; i < 1_000; i++) {
            table.seen(node(random, InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, (byte) i})));
        }
        assertThat(table.size()).isBetween(2, 10);
    }

    @Test
    void aLookupAsksTheClosestThreeAtATimeAndEnds() {
        Seeds.forSeeds(20, random -> {
            NodeId self = new NodeId(Seeds.bytes(random, 64));
            Hash target = Hash.of(Seeds.bytes(random, 32));
            Lookup lookup = new Lookup(self, target, List.of(node(random, InetAddress.getLoopbackAddress())));
            Set<NodeId> asked = new HashSet<>();
            List<Neighbor> next = lookup.next();
            int rounds = 0;
            while (!next.isEmpty() || !lookup.isOver()) {
                assertThat(next).hasSizeLessThanOrEqualTo(Lookup.CONCURRENCY);
                for (Neighbor each : next) {
                    assertThat(asked.add(each.id())).isTrue();
                    List<Neighbor> answer = new ArrayList<>();
                    for (int i = 0; rounds < 50 && i < 5; i++) {
                        answer.add(node(random, InetAddress.getLoopbackAddress()));
                    }
                    lookup.learn(answer);
                    lookup.answered();
                }
                rounds++;
                next = lookup.next();
            }
            assertThat(asked).hasSizeGreaterThanOrEqualTo(NodeTable.BUCKET_SIZE);
        });
    }
}
