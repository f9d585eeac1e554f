package io.engram.genesis.crypto;

import io.engram.genesis.Hash;

/**
 * A secp256k1 signature with its recovery bit.
 *
 * @param r first half, big-endian
 * @param s second half, big-endian
 * @param yParity 0 or 1: which of the two candidate points signed
 */
public record Signature(Hash r, Hash s, int yParity) {
    public Signature {
        if ((yParity & ~1) != 0) {
            throw new IllegalArgumentException("the recovery bit is 0 or 1, not " + yParity);
        }
    }
}
