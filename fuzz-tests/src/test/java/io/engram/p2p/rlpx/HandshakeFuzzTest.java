package io.engram.p2p.rlpx;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/**
 * Bytes as handshake packets and as Hello: as they are, and encrypted as a stranger can who knows nothing but the node's public
 * key. They are answered or end in the one checked error.
 */
class HandshakeFuzzTest {

    private static final KeyPair NODE = KeyPair.of(new Hash(0, 0, 0, 7));
    private static final KeyPair EPHEMERAL = KeyPair.of(new Hash(0, 0, 0, 8));
    private static final Hash NONCE = new Hash(1, 2, 3, 4);
    private static final SecureRandom RANDOM = new SecureRandom();

    @FuzzTest(maxDuration = "2m")
    void packets_are_answered_or_refused(byte[] input) {
        respond(input);
        complete(input);
        byte[] sealed = sealed(input);
        respond(sealed);
        complete(sealed);
        try {
            Hello hello = Hello.decode(Bytes.wrap(input));
            assertThat(hello.capabilities()).hasSizeLessThanOrEqualTo(RlpxLimits.CAPABILITIES);
        } catch (RlpxException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
    }

    private static void respond(byte[] packet) {
        try {
            Handshake.Response response = new Handshake(NODE, EPHEMERAL, NONCE, RANDOM).respond(packet);
            assertThat(response.packet()).hasSizeLessThanOrEqualTo(2 + RlpxLimits.HANDSHAKE_PACKET_BYTES);
        } catch (RlpxException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
    }

    private static void complete(byte[] packet) {
        try {
            Handshake handshake = new Handshake(NODE, EPHEMERAL, NONCE, RANDOM);
            byte[] auth = handshake.initiate(NODE.publicKey());
            assertThat(auth).isNotEmpty();
            assertThat(handshake.complete(packet)).isNotNull();
        } catch (RlpxException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
    }

    private static byte[] sealed(byte[] body) {
        byte[] content = Arrays.copyOf(body, Math.min(body.length, RlpxLimits.HANDSHAKE_PACKET_BYTES - Ecies.OVERHEAD));
        int size = content.length + Ecies.OVERHEAD;
        byte[] prefix = {(byte) (size >>> 8), (byte) size};
        byte[] encrypted = Ecies.encrypt(NODE.publicKey(), content, prefix, RANDOM);
        byte[] packet = Arrays.copyOf(prefix, 2 + encrypted.length);
        System.arraycopy(encrypted, 0, packet, 2, encrypted.length);
        return packet;
    }
}
