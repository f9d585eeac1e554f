package io.engram.client.dev;

import io.engram.genesis.Address;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.crypto.KeyPair;
import java.util.List;
import java.util.Optional;

/** The keys that a development network signs with. */
final class DevKeys {

    private static final List<KeyPair> KEYS = DevAccounts.all();

    private DevKeys() {}

    static List<Address> addresses() {
        return KEYS.stream().map(KeyPair::address).toList();
    }

    static Optional<KeyPair> find(Address address) {
        return KEYS.stream().filter(key -> key.address().equals(address)).findFirst();
    }
}
