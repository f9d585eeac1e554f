package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import java.util.Optional;

/** Tells who signed; a simulation replaces it by something faster. Thread-safe. */
public interface Signatures {

    /** The signer; empty when nobody can have made the signature, or its s is in the upper half. */
    Optional<Address> signer(Hash digest, Signature signature);
}
