package io.engram.p2p.peer;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** A node's identity: its public key, 64 bytes. */
public record NodeId(Bytes publicKey) implements Comparable<NodeId> {

    private static final int SHORT_DIGITS = 16;

    public NodeId {
        if (publicKey.size() != Secp256k1.PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("a node id has 64 bytes, not " + publicKey.size());
        }
    }

    public static NodeId of(KeyPair keys) {
        return new NodeId(Bytes.wrap(keys.publicKey()));
    }

    /** Reads 128 hexadecimal digits, with or without 0x. */
    public static Optional<NodeId> parse(String hex) {
        try {
            Bytes key = Bytes.fromHexString(hex);
            return key.size() == Secp256k1.PUBLIC_KEY_SIZE ? Optional.of(new NodeId(key)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Where the node stands in the discovery table: keccak-256 of its key. */
    public Hash position() {
        return Keccak256.hash(publicKey);
    }

    /** 128 lower-case digits. */
    public String toHex() {
        return publicKey.toUnprefixedHexString();
    }

    @Override
    public int compareTo(NodeId other) {
        return publicKey.compareTo(other.publicKey);
    }

    /** The first digits, enough to tell peers apart in a log. */
    @Override
    public String toString() {
        return toHex().substring(0, SHORT_DIGITS);
    }
}
