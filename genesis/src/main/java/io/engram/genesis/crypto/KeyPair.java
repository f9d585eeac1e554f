package io.engram.genesis.crypto;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.security.SecureRandom;

/** A secp256k1 private key with what follows from it. Its text form leaves the secret out. */
public final class KeyPair {

    private final Hash privateKey;
    private final byte[] publicKey;
    private final Address address;

    private KeyPair(Hash privateKey) {
        this.privateKey = privateKey;
        this.publicKey = Secp256k1.publicKey(privateKey);
        this.address = Address.ofPublicKey(publicKey);
    }

    /** @throws IllegalArgumentException unless the key is a scalar of secp256k1 */
    public static KeyPair of(Hash privateKey) {
        return new KeyPair(privateKey);
    }

    public static KeyPair random(SecureRandom random) {
        byte[] bytes = new byte[Hash.SIZE];
        Hash key;
        do {
            random.nextBytes(bytes);
            key = Hash.of(bytes);
        } while (!Secp256k1.isScalar(key));
        return new KeyPair(key);
    }

    public Hash privateKey() {
        return privateKey;
    }

    /** A copy of the 64 bytes x ‖ y. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    public Address address() {
        return address;
    }

    @Override
    public String toString() {
        return "KeyPair[" + address + "]";
    }
}
