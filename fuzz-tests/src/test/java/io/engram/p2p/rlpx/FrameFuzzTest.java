package io.engram.p2p.rlpx;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Bytes of a peer that holds valid session keys. The first byte chooses: frames sealed as they should be, each as long as its
 * first byte says, before or after a Hello; or bytes on the wire as they are. The session goes on or ends, and says at most a
 * little.
 */
class FrameFuzzTest {

    private static final KeyPair NODE = KeyPair.of(new Hash(0, 0, 0, 7));
    private static final KeyPair PEER = KeyPair.of(new Hash(0, 0, 0, 9));
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Capability ECHO = new Capability("echo", 1);
    private static final int CODES = 4;
    private static final Hello PEERS_HELLO =
            new Hello(Hello.VERSION, "fuzz", List.of(ECHO), 0, Bytes.wrap(PEER.publicKey()));

    /** Most that a node may say to a peer that asks for nothing but pings: Hello, pongs, a farewell. */
    private static final int MOST_SAID = 1 << 20;

    /** Takes only what belongs to the one peer and its protocol. */
    private static final class Listener implements SessionListener {
        @Override
        public void onOpen(Session session) {
            assertThat(session.remoteId()).isEqualTo(Bytes.wrap(PEER.publicKey()));
        }

        @Override
        public void onMessage(Session session, Capability capability, int code, Bytes payload) {
            assertThat(capability).isEqualTo(ECHO);
            assertThat(code).isBetween(0, CODES - 1);
            assertThat(payload.size()).isLessThanOrEqualTo(RlpxLimits.MESSAGE_BYTES);
        }

        @Override
        public void onClose(Session session, DisconnectReason reason) {
            assertThat(session.remoteId()).isEqualTo(Bytes.wrap(PEER.publicKey()));
        }
    }

    @FuzzTest(maxDuration = "2m")
    void a_session_goes_on_or_ends(byte[] input) throws RlpxException {
        if (input.length == 0) {
            return;
        }
        Hello hello = new Hello(Hello.VERSION, "node", List.of(ECHO), 0, Bytes.wrap(NODE.publicKey()));
        Listener listener = new Listener();
        List<Throwable> bugs = new ArrayList<>();
        RlpxChannel session = new RlpxChannel(NODE, hello, Map.of(ECHO, CODES), Optional.empty(), listener, RANDOM) {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                bugs.add(cause);
                super.exceptionCaught(ctx, cause);
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(session);
        Handshake handshake = new Handshake(PEER, RANDOM);
        channel.writeInbound(Unpooled.wrappedBuffer(handshake.initiate(NODE.publicKey())));
        FrameCodec frames = new FrameCodec(handshake.complete(read(channel)));
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        if ((input[0] & 1) != 0) {
            send(
                    channel,
                    frames.encode(Bytes.concatenate(Bytes.of(0x80), PEERS_HELLO.encode())
                            .toArray()));
        }
        if ((input[0] & 2) != 0) {
            send(channel, rest);
        } else {
            sendFrames(channel, frames, rest);
        }
        int said = 0;
        while (channel.outboundMessages().peek() != null) {
            said += read(channel).length;
        }
        assertThat(said).isLessThan(MOST_SAID);
        channel.checkException();
        assertThat(bugs).isEmpty();
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }

    private static void sendFrames(EmbeddedChannel channel, FrameCodec frames, byte[] content) {
        int at = 0;
        while (at < content.length) {
            int end = Math.min(content.length, at + 1 + (content[at] & 0xff));
            send(channel, frames.encode(Arrays.copyOfRange(content, at + 1, end)));
            at = end;
        }
    }

    private static void send(EmbeddedChannel channel, byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        }
    }

    private static byte[] read(EmbeddedChannel channel) {
        ByteBuf buffer = channel.readOutbound();
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return bytes;
    }
}
