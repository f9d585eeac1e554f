package io.engram.p2p.discovery.v4;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.discovery.DiscoveryOptions;
import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.Eventually;
import io.engram.p2p.peer.NodeId;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real sockets on loopback. */
class DiscoveryV4Test {

    private static final ForkId OURS = new ForkId(1, 0);

    private final List<Participant> all = new ArrayList<>();

    private static final class Participant {

        private final KeyPair keys = KeyPair.random(new SecureRandom());
        private final Set<NodeId> found = ConcurrentHashMap.newKeySet();
        private final DiscoveryV4 discovery;
        private final int port;

        Participant(List<EnodeUrl> bootNodes, ForkId forkId) throws IOException {
            discovery = new DiscoveryV4(
                    keys,
                    new DiscoveryOptions(
                            loopback(0),
                            "127.0.0.1",
                            30_303,
                            bootNodes,
                            forkId,
                            OURS::equals,
                            url -> found.add(url.id())),
                    InstantSource.system());
            port = discovery.start();
        }

        NodeId id() {
            return NodeId.of(keys);
        }

        EnodeUrl enode() {
            return new EnodeUrl(id(), "127.0.0.1", 30_303, port);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private Participant participant(List<EnodeUrl> bootNodes, ForkId forkId) throws IOException {
        Participant participant = new Participant(bootNodes, forkId);
        all.add(participant);
        return participant;
    }

    @AfterEach
    void stop() {
        all.forEach(participant -> participant.discovery.close());
    }

    @Test
    void everybodyFindsEverybodyThroughOneBootNode() throws Exception {
        Participant boot = participant(List.of(), OURS);
        for (int i = 0; i < 5; i++) {
            participant(List.of(boot.enode()), OURS);
        }
        for (Participant each : all) {
            Eventually.holds("all found", () -> each.found.size() == all.size() - 1);
        }
    }

    @Test
    void aNodeOnAnotherForkIsNotFound() throws Exception {
        Participant here = participant(List.of(), OURS);
        Participant elsewhere = participant(List.of(here.enode()), new ForkId(2, 0));
        Eventually.holds("it answers", () -> here.discovery.tableSize() == 1);
        Eventually.holds("it finds nobody wrong", () -> elsewhere.found.contains(here.id()));
        Thread.sleep(1_500);
        assertThat(here.found).isEmpty();
    }

    @Test
    void aStrangerGetsAPongAndNothingElse() throws Exception {
        Participant node = participant(List.of(), OURS);
        KeyPair stranger = KeyPair.random(new SecureRandom());
        Endpoint endpoint = new Endpoint(InetAddress.getLoopbackAddress(), 1, 1);
        long soon = Instant.now().getEpochSecond() + 20;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(400);
            send(socket, node.port, stranger, new Packet.FindNode(node.id().publicKey(), soon));
            send(socket, node.port, stranger, new Packet.EnrRequest(soon));
            assertThat(received(socket)).isEmpty();

            Hash ping =
                    send(socket, node.port, stranger, new Packet.Ping(endpoint, endpoint, soon, OptionalLong.empty()));
            List<Packet> answers = received(socket);
            assertThat(answers).hasSize(2);
            assertThat(((Packet.Pong) answers.getFirst()).pingHash()).isEqualTo(ping);
            assertThat(answers.getLast()).isInstanceOf(Packet.Ping.class);

            send(socket, node.port, stranger, new Packet.Ping(endpoint, endpoint, soon - 60, OptionalLong.empty()));
            assertThat(received(socket)).isEmpty();
        }
    }

    @Test
    void noiseDoesNoHarm() throws Exception {
        Participant node = participant(List.of(), OURS);
        Random random = new Random(1);
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 300; i++) {
                byte[] noise = new byte[1 + random.nextInt(2_000)];
                random.nextBytes(noise);
                socket.send(new DatagramPacket(noise, noise.length, loopback(node.port)));
            }
        }
        Participant other = participant(List.of(node.enode()), OURS);
        Eventually.holds("found", () -> other.found.contains(node.id()));
    }

    private static Hash send(DatagramSocket socket, int port, KeyPair keys, Packet packet) throws IOException {
        PacketCodec.Encoded encoded = PacketCodec.encode(keys, packet);
        socket.send(new DatagramPacket(encoded.datagram(), encoded.datagram().length, loopback(port)));
        return encoded.hash();
    }

    private static List<Packet> received(DatagramSocket socket) throws Exception {
        List<Packet> packets = new ArrayList<>();
        byte[] buffer = new byte[2_000];
        DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
        try {
            while (packets.size() < 10) {
                socket.receive(datagram);
                packets.add(PacketCodec.decode(Arrays.copyOf(buffer, datagram.getLength()))
                        .packet());
            }
        } catch (SocketTimeoutException e) {
            return packets;
        }
        return packets;
    }
}
