package io.engram.p2p.rlpx;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/**
 * One side of the EIP-8 key exchange. The initiator calls {@link #initiate} and then {@link #complete} with the answer; the
 * responder calls {@link #respond}. Packets include their 2-byte length. Not thread-safe, used once.
 */
final class Handshake {

    private static final int VERSION = 4;
    private static final int PADDING_MIN = 100;
    private static final int PADDING_SPREAD = 100;

    private final KeyPair node;
    private final KeyPair ephemeral;
    private final Hash nonce;
    private final SecureRandom random;
    private byte[] auth = new byte[0];

    Handshake(KeyPair node, SecureRandom random) {
        this(node, KeyPair.random(random), randomHash(random), random);
    }

    /** With a given ephemeral key and nonce, for known-answer tests. */
    Handshake(KeyPair node, KeyPair ephemeral, Hash nonce, SecureRandom random) {
        this.node = node;
        this.ephemeral = ephemeral;
        this.nonce = nonce;
        this.random = random;
    }

    /** A responder's answer and the session it opens. */
    record Response(byte[] packet, Secrets secrets, byte[] remoteKey) {}

    /** The auth packet for the node with this public key. */
    byte[] initiate(byte[] remoteKey) throws RlpxException {
        Signature signature = Secp256k1.sign(signedBy(remoteKey, nonce), ephemeral);
        byte[] bytes = new byte[65];
        signature.r().write(bytes, 0);
        signature.s().write(bytes, 32);
        bytes[64] = (byte) signature.yParity();
        auth = seal(remoteKey, body -> {
            body.bytes(Bytes.wrap(bytes));
            body.bytes(Bytes.wrap(node.publicKey()));
            body.hash(nonce);
            body.scalar(VERSION);
        });
        return auth.clone();
    }

    /** Reads the responder's answer. */
    Secrets complete(byte[] ack) throws RlpxException {
        RlpReader body = open(ack);
        try {
            byte[] remoteEphemeral = body.readBytes(Secp256k1.PUBLIC_KEY_SIZE).toArray();
            Hash remoteNonce = body.readHash();
            return Secrets.derive(agree(ephemeral, remoteEphemeral), nonce, remoteNonce, auth, ack, true);
        } catch (RlpException e) {
            throw new RlpxException("malformed ack", e);
        }
    }

    /** Reads an initiator's auth packet and makes the answer. */
    Response respond(byte[] packet) throws RlpxException {
        RlpReader body = open(packet);
        byte[] remoteKey;
        Hash remoteNonce;
        Signature signature;
        try {
            byte[] bytes = body.readBytes(65).toArray();
            if (bytes[64] < 0 || bytes[64] > 1) {
                throw new RlpxException("impossible recovery bit in auth");
            }
            signature = new Signature(Hash.read(bytes, 0), Hash.read(bytes, 32), bytes[64]);
            remoteKey = body.readBytes(Secp256k1.PUBLIC_KEY_SIZE).toArray();
            remoteNonce = body.readHash();
        } catch (RlpException e) {
            throw new RlpxException("malformed auth", e);
        }
        byte[] remoteEphemeral = Secp256k1.recoverPublicKey(signedBy(remoteKey, remoteNonce), signature)
                .orElseThrow(() -> new RlpxException("the signature in auth recovers to no key"));
        byte[] ack = seal(remoteKey, answer -> {
            answer.bytes(Bytes.wrap(ephemeral.publicKey()));
            answer.hash(nonce);
            answer.scalar(VERSION);
        });
        Secrets secrets = Secrets.derive(agree(ephemeral, remoteEphemeral), remoteNonce, nonce, packet, ack, false);
        return new Response(ack, secrets, remoteKey);
    }

    /** What the initiator's ephemeral key signs: the static agreement xor the initiator's nonce. */
    private Hash signedBy(byte[] remoteKey, Hash initiatorNonce) throws RlpxException {
        Hash agreed = agree(node, remoteKey);
        return new Hash(
                agreed.w0() ^ initiatorNonce.w0(),
                agreed.w1() ^ initiatorNonce.w1(),
                agreed.w2() ^ initiatorNonce.w2(),
                agreed.w3() ^ initiatorNonce.w3());
    }

    private static Hash agree(KeyPair own, byte[] remoteKey) throws RlpxException {
        return Secp256k1.agree(own, remoteKey).orElseThrow(() -> new RlpxException("a key is not on the curve"));
    }

    /** Encrypts a body with random padding; the length prefix is authenticated (EIP-8). */
    private byte[] seal(byte[] remoteKey, Consumer<RlpWriter> fields) throws RlpxException {
        if (remoteKey.length != Secp256k1.PUBLIC_KEY_SIZE) {
            throw new RlpxException("a node key has 64 bytes");
        }
        byte[] list = RlpWriter.list(fields).toArrayUnsafe();
        byte[] body = Arrays.copyOf(list, list.length + PADDING_MIN + random.nextInt(PADDING_SPREAD));
        byte[] padding = new byte[body.length - list.length];
        random.nextBytes(padding);
        System.arraycopy(padding, 0, body, list.length, padding.length);
        int size = body.length + Ecies.OVERHEAD;
        byte[] prefix = {(byte) (size >>> 8), (byte) size};
        try {
            byte[] sealed = Ecies.encrypt(remoteKey, body, prefix, random);
            byte[] packet = Arrays.copyOf(prefix, 2 + sealed.length);
            System.arraycopy(sealed, 0, packet, 2, sealed.length);
            return packet;
        } catch (IllegalArgumentException e) {
            throw new RlpxException("the peer's key is not on the curve", e);
        }
    }

    /** The fields of a packet's list; what follows the list, and further fields, are ignored (EIP-8). */
    private RlpReader open(byte[] packet) throws RlpxException {
        if (packet.length < 2 || packet.length - 2 > RlpxLimits.HANDSHAKE_PACKET_BYTES) {
            throw new RlpxException("impossible size of a handshake packet: " + packet.length);
        }
        byte[] body = Ecies.decrypt(node, Arrays.copyOfRange(packet, 2, packet.length), Arrays.copyOf(packet, 2));
        try {
            return RlpReader.of(Bytes.wrap(body)).readList();
        } catch (RlpException e) {
            throw new RlpxException("malformed handshake body", e);
        }
    }

    private static Hash randomHash(SecureRandom random) {
        byte[] bytes = new byte[Hash.SIZE];
        random.nextBytes(bytes);
        return Hash.of(bytes);
    }

    /** Keccak of two hashes one after the other. */
    static Hash keccak(Hash first, Hash second) {
        byte[] both = new byte[2 * Hash.SIZE];
        first.write(both, 0);
        second.write(both, Hash.SIZE);
        return Keccak256.hash(both);
    }
}
