package io.engram.client.node;

import io.engram.client.consensus.BlockSigner;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;

/** Signs with a key in this process. */
public record LocalSigner(KeyPair keys) implements BlockSigner {

    @Override
    public Address address() {
        return keys.address();
    }

    @Override
    public Signature sign(Hash digest) {
        return Secp256k1.sign(digest, keys);
    }
}
