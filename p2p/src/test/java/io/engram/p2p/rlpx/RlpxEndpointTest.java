package io.engram.p2p.rlpx;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two endpoints over real sockets. */
class RlpxEndpointTest {

    private static final Capability ECHO = new Capability("echo", 1);

    private final Recorder left = new Recorder();
    private final Recorder right = new Recorder();
    private final KeyPair leftKey = KeyPair.random(new SecureRandom());
    private final KeyPair rightKey = KeyPair.random(new SecureRandom());
    private final RlpxEndpoint dialler = new RlpxEndpoint(leftKey, "left", Map.of(ECHO, 4), left);
    private final RlpxEndpoint server = new RlpxEndpoint(rightKey, "right", Map.of(ECHO, 4), right);

    @AfterEach
    void stop() {
        dialler.close();
        server.close();
    }

    @Test
    void messagesTravelBothWaysAndAreCompressed() throws Exception {
        Session there = connect();
        Session here = left.opened();
        Bytes large = Bytes.repeat((byte) 7, 3_000_000);

        assertThat(here.remoteHello().clientId()).isEqualTo("right");
        assertThat(there.remoteId()).isEqualTo(Bytes.wrap(leftKey.publicKey()));
        assertThat(here.send(ECHO, 2, large)).isTrue();
        assertThat(right.message()).isEqualTo(large);
        assertThat(there.send(ECHO, 3, Bytes.fromHexString("0xc0"))).isTrue();
        assertThat(left.message()).isEqualTo(Bytes.fromHexString("0xc0"));
    }

    @Test
    void aDisconnectArrivesWithItsReason() throws Exception {
        Session there = connect();
        there.disconnect(DisconnectReason.TOO_MANY_PEERS);
        assertThat(left.closed()).isEqualTo(DisconnectReason.TOO_MANY_PEERS);
    }

    @Test
    void aPeerWithoutASharedCapabilityNeverOpens() throws Exception {
        try (RlpxEndpoint other = new RlpxEndpoint(leftKey, "other", Map.of(new Capability("else", 1), 1), left)) {
            int port = server.listen(loopback(0));
            assertThat(other.connect(loopback(port), Bytes.wrap(rightKey.publicKey())))
                    .failsWithin(Duration.ofSeconds(10));
            assertThat(right.sessions).isEmpty();
        }
    }

    @Test
    void aStrangerWhoSendsNoiseIsDroppedAndTheServerGoesOn() throws Exception {
        int port = server.listen(loopback(0));
        long seed = System.nanoTime();
        RandomGenerator generator =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                byte[] noise = new byte[2 + RlpxLimits.HANDSHAKE_PACKET_BYTES];
                generator.nextBytes(noise);
                noise[0] &= 0x07;
                socket.getOutputStream().write(noise);
                assertThat(isDropped(socket)).as("seed %d", seed).isTrue();
            }
        }
        assertThat(dialler.connect(loopback(port), Bytes.wrap(rightKey.publicKey())))
                .succeedsWithin(Duration.ofSeconds(10));
        assertThat(left.opened().remoteHello().clientId()).isEqualTo("right");
    }

    /** Whether the peer closes without an answer, by an end of stream or a reset. */
    private static boolean isDropped(Socket socket) throws SocketTimeoutException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return true;
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private Session connect() throws Exception {
        int port = server.listen(loopback(0));
        assertThat(dialler.connect(loopback(port), Bytes.wrap(rightKey.publicKey())))
                .succeedsWithin(Duration.ofSeconds(10));
        return right.opened();
    }

    private static final class Recorder implements SessionListener {

        private final BlockingQueue<Session> sessions = new ArrayBlockingQueue<>(16);
        private final BlockingQueue<Bytes> messages = new ArrayBlockingQueue<>(16);
        private final BlockingQueue<DisconnectReason> reasons = new ArrayBlockingQueue<>(16);

        @Override
        public void onOpen(Session session) {
            sessions.add(session);
        }

        @Override
        public void onMessage(Session session, Capability capability, int code, Bytes payload) {
            messages.add(payload);
        }

        @Override
        public void onClose(Session session, DisconnectReason reason) {
            reasons.add(reason);
        }

        Session opened() throws InterruptedException {
            return wanted(sessions.poll(10, TimeUnit.SECONDS));
        }

        Bytes message() throws InterruptedException {
            return wanted(messages.poll(10, TimeUnit.SECONDS));
        }

        DisconnectReason closed() throws InterruptedException {
            return wanted(reasons.poll(10, TimeUnit.SECONDS));
        }

        private static <T> T wanted(@org.jspecify.annotations.Nullable T value) {
            if (value == null) {
                throw new AssertionError("nothing came within ten seconds");
            }
            return value;
        }
    }
}
