package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Recovery over secp256k1. Remembers recent results: a prepare comes once by itself and again in every certificate that
 * holds it.
 */
public final class RecoveredSignatures implements Signatures {

    /** A few heights' worth for a hundred validators. */
    static final int REMEMBERED = 4_096;

    private record Key(Hash digest, Signature signature) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Address> recent = new LinkedHashMap<>();

    @Override
    public Optional<Address> signer(Hash digest, Signature signature) {
        Key key = new Key(digest, signature);
        Optional<Address> known = recall(key);
        if (known.isPresent()) {
            return known;
        }
        if (!Secp256k1.isLowS(signature)) {
            return Optional.empty();
        }
        Optional<Address> signer = Secp256k1.recoverAddress(digest, signature);
        signer.ifPresent(address -> remember(key, address));
        return signer;
    }

    private Optional<Address> recall(Key key) {
        lock.lock();
        try {
            return Optional.ofNullable(recent.get(key));
        } finally {
            lock.unlock();
        }
    }

    private void remember(Key key, Address signer) {
        lock.lock();
        try {
            recent.put(key, signer);
            if (recent.size() > REMEMBERED) {
                recent.remove(recent.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
