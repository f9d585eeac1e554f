package io.engram.client.dev;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import java.util.List;
import java.util.Optional;

/**
 * The ten accounts that every Ethereum development tool knows: BIP-39 phrase {@link #MNEMONIC}, BIP-44 paths
 * m/44'/60'/0'/0/0 to 9. Their keys are public; nothing of value may ever be sent to them.
 */
public final class DevAccounts {

    public static final String MNEMONIC = "test test test test test test test test test test test junk";

    /** What each of them owns at genesis. */
    public static final Wei BALANCE = Wei.ofEther(10_000);

    private static final List<KeyPair> KEYS = List.of(
            key("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
            key("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
            key("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
            key("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
            key("0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"),
            key("0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
            key("0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e"),
            key("0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
            key("0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97"),
            key("0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6"));

    private DevAccounts() {}

    private static KeyPair key(String hex) {
        return KeyPair.of(Hash.fromHex(hex));
    }

    /** In the order of their paths. */
    public static List<KeyPair> keys() {
        return KEYS;
    }

    public static List<Address> addresses() {
        return KEYS.stream().map(KeyPair::address).toList();
    }

    public static Optional<KeyPair> find(Address address) {
        return KEYS.stream().filter(key -> key.address().equals(address)).findFirst();
    }
}
