package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;

/** The validator key of this node. Thread-safe. */
public interface BlockSigner {

    Address address();

    /** Signs a digest with the lower of the two possible values of s. */
    Signature sign(Hash digest);
}
