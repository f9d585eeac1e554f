package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over parts, with the two prefixes of RFC 6962. One thread at a time. */
final class Sha256 {

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest;
    private final byte[] scratch = new byte[8];

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Sha256 add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    Sha256 add(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        return this;
    }

    Sha256 addByte(int value) {
        digest.update((byte) value);
        return this;
    }

    Sha256 addInt(int value) {
        for (int i = 0; i < 4; i++) {
            scratch[i] = (byte) (value >>> (24 - 8 * i));
        }
        digest.update(scratch, 0, 4);
        return this;
    }

    Sha256 addLong(long value) {
        for (int i = 0; i < 8; i++) {
            scratch[i] = (byte) (value >>> (56 - 8 * i));
        }
        digest.update(scratch, 0, 8);
        return this;
    }

    Hash finish() {
        return Hash.of(digest.digest());
    }

    /** Writes the digest of what was added to {@code target}. */
    void finish(byte[] target, int offset) {
        try {
            digest.digest(target, offset, Hash.SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException("no room for a digest", e);
        }
    }

    /** Writes the leaf hash of a piece of data. */
    void leaf(byte[] data, int offset, int length, byte[] target, int targetOffset) {
        digest.update(LEAF);
        digest.update(data, offset, length);
        finish(target, targetOffset);
    }

    /** Writes the node over the two adjoining hashes at {@code offset}. */
    void node(byte[] pair, int offset, byte[] target, int targetOffset) {
        digest.update(NODE);
        digest.update(pair, offset, 2 * Hash.SIZE);
        finish(target, targetOffset);
    }
}
