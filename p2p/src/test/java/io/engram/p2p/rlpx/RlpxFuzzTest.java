package io.engram.p2p.rlpx;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.p2p.Seeds;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

/** A peer that holds valid session keys and sends what it likes: it is dropped, and the next one is served. */
class RlpxFuzzTest {

    private static final Capability ECHO = new Capability("echo", 1);
    private static final int RUNS = 30;

    private final KeyPair serverKey = KeyPair.random(new SecureRandom());
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private final RlpxEndpoint server = new RlpxEndpoint(serverKey, "server", Map.of(ECHO, 4), new Counter());
    private int port;

    @BeforeEach
    void listen() throws IOException {
        port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private final class Counter implements SessionListener {

        @Override
        public void onOpen(Session session) {
            open.incrementAndGet();
        }

        @Override
        public void onMessage(Session session, Capability capability, int code, Bytes payload) {
            messages.incrementAndGet();
        }

        @Override
        public void onClose(Session session, DisconnectReason reason) {
            open.decrementAndGet();
        }
    }

    /** The far side, byte by byte. */
    private static final class RawPeer implements AutoCloseable {

        private final Socket socket;
        private final FrameCodec frames;
        private final KeyPair keys = KeyPair.random(new SecureRandom());

        RawPeer(int port, KeyPair server) throws IOException, RlpxException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            Handshake handshake = new Handshake(keys, new SecureRandom());
            socket.getOutputStream().write(handshake.initiate(server.publicKey()));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] prefix = in.readNBytes(2);
            byte[] body = in.readNBytes((prefix[0] & 0xff) << 8 | (prefix[1] & 0xff));
            byte[] ack = Arrays.copyOf(prefix, 2 + body.length);
            System.arraycopy(body, 0, ack, 2, body.length);
            frames = new FrameCodec(handshake.complete(ack));
        }

        void hello() throws IOException {
            Hello hello = new Hello(Hello.VERSION, "raw", List.of(ECHO), 0, Bytes.wrap(keys.publicKey()));
            frame(Bytes.concatenate(Bytes.of(0x80), hello.encode()).toArray());
        }

        void frame(byte[] content) throws IOException {
            raw(frames.encode(content));
        }

        void raw(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Whether the server ends the connection, after whatever it still has to say. */
        boolean isDropped() throws IOException {
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                return true;
            } catch (EOFException | SocketException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static byte[] message(int code, byte[] data) {
        return Bytes.concatenate(RlpWriter.items(out -> out.scalar(code)), Bytes.wrap(data))
                .toArray();
    }

    private static byte[] breach(Random random) throws IOException {
        return switch (random.nextInt(6)) {
            // Not Snappy, or Snappy of a size that lies.
            case 0 -> message(0x10, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0x00});
            case 1 -> message(0x10, new byte[] {0x7f, (byte) random.nextInt()});
            // A code of no protocol.
            case 2 -> message(0x14 + random.nextInt(1_000), Snappy.compress(new byte[] {(byte) 0xc0}));
            // A second Hello.
            case 3 -> message(0x80, Snappy.compress(new byte[] {(byte) 0xc0}));
            // A code that is no scalar.
            case 4 -> new byte[] {(byte) 0xc1, 0x01};
            default -> message(0x10, Arrays.copyOf(Snappy.compress(new byte[1_000]), 20));
        };
    }

    @Test
    void aBreachAfterHelloEndsTheSession() {
        Seeds.forSeeds(RUNS, random -> {
            try (RawPeer peer = new RawPeer(port, serverKey)) {
                peer.hello();
                peer.frame(breach(random));
                assertThat(peer.isDropped()).isTrue();
            }
        });
        assertServes();
    }

    @Test
    void aFrameChangedOnTheWayEndsTheSession() {
        Seeds.forSeeds(RUNS, random -> {
            try (RawPeer peer = new RawPeer(port, serverKey)) {
                peer.hello();
                byte[] frame = peer.frames.encode(
                        message(0x11, Snappy.compress(Seeds.bytes(random, 100).toArray())));
                frame[random.nextInt(FrameCodec.HEADER_SIZE)] ^= (byte) (1 << random.nextInt(8));
                peer.raw(frame);
                assertThat(peer.isDropped()).isTrue();
            }
        });
        assertServes();
    }

    @Test
    void anythingButHelloFirstEndsTheConnection() {
        Seeds.forSeeds(RUNS, random -> {
            try (RawPeer peer = new RawPeer(port, serverKey)) {
                peer.frame(message(
                        2 + random.nextInt(40),
                        Seeds.bytes(random, random.nextInt(100)).toArray()));
                assertThat(peer.isDropped()).isTrue();
            }
        });
        assertServes();
    }

    @Test
    void aHelloOfRandomContentEndsTheConnection() {
        Seeds.forSeeds(RUNS, random -> {
            try (RawPeer peer = new RawPeer(port, serverKey)) {
                peer.frame(
                        message(0x80, Seeds.bytes(random, random.nextInt(200)).toArray()));
                assertThat(peer.isDropped()).isTrue();
            }
        });
        assertServes();
    }

    @Test
    void anEmptyFrameAndAnOversizedHelloEndTheConnection() throws Exception {
        try (RawPeer peer = new RawPeer(port, serverKey)) {
            peer.frame(new byte[0]);
            assertThat(peer.isDropped()).isTrue();
        }
        try (RawPeer peer = new RawPeer(port, serverKey)) {
            peer.frame(message(0x80, new byte[RlpxLimits.HELLO_BYTES + 1]));
            assertThat(peer.isDropped()).isTrue();
        }
        assertServes();
    }

    private void assertServes() {
        try (RawPeer honest = new RawPeer(port, serverKey)) {
            int before = messages.get();
            honest.hello();
            honest.frame(message(0x12, Snappy.compress(new byte[] {(byte) 0xc0})));
            long end = System.nanoTime() + 10_000_000_000L;
            while (messages.get() == before && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            assertThat(messages.get()).isEqualTo(before + 1);
            assertThat(open.get()).isEqualTo(1);
        } catch (IOException | RlpxException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
