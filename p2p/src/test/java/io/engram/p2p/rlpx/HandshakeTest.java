package io.engram.p2p.rlpx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    private static final KeyPair A =
            KeyPair.of(Hash.fromHex("0x49a7b37aa6f6645917e7b807e9d1c00d4fa71f18343b0d4122a4d2df64dd6fee"));
    private static final KeyPair B =
            KeyPair.of(Hash.fromHex("0xb71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291"));
    private static final KeyPair EPHEMERAL_B =
            KeyPair.of(Hash.fromHex("0xe238eb8e04fee6511ab04c6dd3c89ce097b11f25d584863ac2b6d5b35b1847e4"));
    private static final Hash NONCE_B =
            Hash.fromHex("0x559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd");

    /** Auth₂ of EIP-8: version 4 without additional list elements. */
    private static final String AUTH_2 = """
            01b304ab7578555167be8154d5cc456f567d5ba302662433674222360f08d5f1534499d3678b513b
            0fca474f3a514b18e75683032eb63fccb16c156dc6eb2c0b1593f0d84ac74f6e475f1b8d56116b84
            9634a8c458705bf83a626ea0384d4d7341aae591fae42ce6bd5c850bfe0b999a694a49bbbaf3ef6c
            da61110601d3b4c02ab6c30437257a6e0117792631a4b47c1d52fc0f8f89caadeb7d02770bf999cc
            147d2df3b62e1ffb2c9d8c125a3984865356266bca11ce7d3a688663a51d82defaa8aad69da39ab6
            d5470e81ec5f2a7a47fb865ff7cca21516f9299a07b1bc63ba56c7a1a892112841ca44b6e0034dee
            70c9adabc15d76a54f443593fafdc3b27af8059703f88928e199cb122362a4b35f62386da7caad09
            c001edaeb5f8a06d2b26fb6cb93c52a9fca51853b68193916982358fe1e5369e249875bb8d0d0ec3
            6f917bc5e1eafd5896d46bd61ff23f1a863a8a8dcd54c7b109b771c8e61ec9c8908c733c0263440e
            2aa067241aaa433f0bb053c7b31a838504b148f570c0ad62837129e547678c5190341e4f1693956c
            3bf7678318e2d5b5340c9e488eefea198576344afbdf66db5f51204a6961a63ce072c8926c
            """;

    private static byte[] auth2() {
        return HexFormat.of().parseHex(AUTH_2.replaceAll("\\s", ""));
    }

    @Test
    void theKnownAuthOfEip8GivesTheKnownSecrets() throws RlpxException {
        Handshake.Response response = new Handshake(B, EPHEMERAL_B, NONCE_B, new SecureRandom()).respond(auth2());

        assertThat(response.remoteKey()).isEqualTo(A.publicKey());
        assertThat(response.secrets().aes().toHex())
                .isEqualTo("0x80e8632c05fed6fc2a13b0f8d31a3cf645366239170ea067065aba8e28bac487");
        assertThat(response.secrets().mac().toHex())
                .isEqualTo("0x2ea74ec5dae199227dff1af715362700e989d889d7a493cb0639691efb8e5f98");
    }

    @Test
    void bothSidesDeriveTheSameKeys() throws RlpxException {
        SecureRandom random = new SecureRandom();
        Handshake initiator = new Handshake(A, random);
        Handshake.Response response = new Handshake(B, random).respond(initiator.initiate(B.publicKey()));
        Secrets secrets = initiator.complete(response.packet());

        assertThat(secrets.aes()).isEqualTo(response.secrets().aes());
        assertThat(secrets.mac()).isEqualTo(response.secrets().mac());
    }

    @Test
    void framesTravelBothWays() throws RlpxException {
        SecureRandom random = new SecureRandom();
        Handshake initiator = new Handshake(A, random);
        Handshake.Response response = new Handshake(B, random).respond(initiator.initiate(B.publicKey()));
        FrameCodec left = new FrameCodec(initiator.complete(response.packet()));
        FrameCodec right = new FrameCodec(response.secrets());

        for (int size : new int[] {1, 15, 16, 17, 1000, 70_000}) {
            assertThat(receive(right, left.encode(filled(size)))).isEqualTo(filled(size));
            assertThat(receive(left, right.encode(filled(size)))).isEqualTo(filled(size));
        }
    }

    @Test
    void aFlippedBitInAPacketIsRefused() {
        long seed = System.nanoTime();
        RandomGenerator generator =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 200; i++) {
            byte[] packet = auth2();
            packet[generator.nextInt(packet.length)] ^= (byte) (1 << generator.nextInt(8));
            assertThatThrownBy(() -> new Handshake(B, new SecureRandom()).respond(packet))
                    .as("seed %d", seed)
                    .isInstanceOf(RlpxException.class);
        }
    }

    @Test
    void aFlippedBitInAFrameIsRefused() throws RlpxException {
        long seed = System.nanoTime();
        RandomGenerator generator =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 50; i++) {
            SecureRandom random = new SecureRandom();
            Handshake initiator = new Handshake(A, random);
            Handshake.Response response = new Handshake(B, random).respond(initiator.initiate(B.publicKey()));
            byte[] frame = new FrameCodec(initiator.complete(response.packet())).encode(filled(100));
            frame[generator.nextInt(frame.length)] ^= (byte) (1 << generator.nextInt(8));
            FrameCodec receiver = new FrameCodec(response.secrets());
            assertThatThrownBy(() -> receive(receiver, frame))
                    .as("seed %d", seed)
                    .isInstanceOf(RlpxException.class);
        }
    }

    private static byte[] receive(FrameCodec codec, byte[] frame) throws RlpxException {
        int size = codec.decodeHeader(Arrays.copyOf(frame, FrameCodec.HEADER_SIZE));
        return codec.decodeBody(Arrays.copyOfRange(frame, FrameCodec.HEADER_SIZE, frame.length), size);
    }

    private static byte[] filled(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 0x5a);
        return bytes;
    }
}
