package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;

/** A key in memory. */
public record SigningKey(KeyPair keys) implements BlockSigner {

    public static SigningKey of(int number) {
        return new SigningKey(KeyPair.of(new Hash(0, 0, 0, number)));
    }

    @Override
    public Address address() {
        return keys.address();
    }

    @Override
    public Signature sign(Hash digest) {
        return Secp256k1.sign(digest, keys);
    }
}
