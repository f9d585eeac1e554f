package io.engram.client.dev;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** What every {@code engram dev} has in common, so that one can import another's blocks: its genesis and validator. */
public final class DevNetwork {

    /** The validator's key, public like those of the accounts: it must never hold anything of value. */
    private static final Hash VALIDATOR_KEY =
            Keccak256.hash("engram dev validator".getBytes(StandardCharsets.US_ASCII));

    private static final Wei VALIDATOR_BALANCE = Wei.ofEther(10_000);

    private DevNetwork() {}

    public static KeyPair validator() {
        return KeyPair.of(VALIDATOR_KEY);
    }

    /** The development genesis with the validator's own account, from which models are published. */
    public static GenesisFile genesis() {
        Address validator = validator().address();
        GenesisFile file = DevGenesis.of(validator);
        SortedMap<Address, GenesisAccount> accounts = new TreeMap<>(file.alloc());
        accounts.put(validator, GenesisAccount.withBalance(VALIDATOR_BALANCE));
        return file.withAlloc(accounts);
    }
}
