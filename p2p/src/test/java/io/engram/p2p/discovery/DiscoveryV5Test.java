package io.engram.p2p.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.Eventually;
import io.engram.p2p.peer.NodeId;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ethereum.beacon.discovery.schema.NodeRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real sockets on loopback. */
class DiscoveryV5Test {

    private static final ForkId OURS = new ForkId(0x0a0b0c0d, 7);

    private final List<DiscoveryV5> running = new ArrayList<>();

    private DiscoveryV5 start(KeyPair keys, ForkId forkId, List<NodeRecord> boot, Set<NodeId> found)
            throws IOException {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        DiscoveryV5 discovery = new DiscoveryV5(
                keys,
                new DiscoveryOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        "127.0.0.1",
                        30_303,
                        List.of(),
                        forkId,
                        OURS::equals,
                        url -> found.add(url.id())),
                boot);
        discovery.start();
        running.add(discovery);
        return discovery;
    }

    @AfterEach
    void stop() {
        running.forEach(DiscoveryV5::close);
    }

    @Test
    void nodesOfTheSameForkFindEachOther() throws Exception {
        KeyPair first = KeyPair.random(new SecureRandom());
        KeyPair second = KeyPair.random(new SecureRandom());
        KeyPair third = KeyPair.random(new SecureRandom());
        Set<NodeId> bySecond = ConcurrentHashMap.newKeySet();
        Set<NodeId> byThird = ConcurrentHashMap.newKeySet();
        DiscoveryV5 boot = start(first, OURS, List.of(), ConcurrentHashMap.newKeySet());
        NodeRecord record = DiscoveryV5.parseRecord(boot.record().orElseThrow()).orElseThrow();
        start(second, OURS, List.of(record), bySecond);
        start(third, new ForkId(1, 1), List.of(record), byThird);

        Eventually.holds("second finds first", () -> bySecond.contains(NodeId.of(first)));
        Eventually.holds("third finds first", () -> byThird.contains(NodeId.of(first)));
        assertThat(bySecond).doesNotContain(NodeId.of(third));
    }

    @Test
    void aRecordTellsWhereItsNodeIs() {
        KeyPair keys = KeyPair.random(new SecureRandom());
        NodeRecord record = NodeRecords.local(keys, "127.0.0.1", 30_301, 30_303, OURS, 1);
        NodeRecord read = NodeRecords.decode(record.serialize()).orElseThrow();
        assertThat(NodeRecords.forkId(read)).contains(OURS);
        assertThat(NodeRecords.enode(read)).contains(new EnodeUrl(NodeId.of(keys), "127.0.0.1", 30_303, 30_301));
    }

    @Test
    void otherTextIsNoRecord() {
        assertThat(DiscoveryV5.parseRecord("enr:")).isEmpty();
        assertThat(DiscoveryV5.parseRecord("enr:-AAAA")).isEmpty();
        assertThat(DiscoveryV5.parseRecord("enode://")).isEmpty();
    }
}
