package io.engram.genesis.config;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.system.SystemContracts;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The accounts that appear when inference activates (protocol D2): gateway, and registry with the storage that a
 * constructor would have written. Slots: {@code contracts/src/ModelRegistry.sol}.
 */
public final class InferencePredeploys {

    private static final UInt256 VALIDATORS_SLOT = UInt256.valueOf(1);
    private static final UInt256 CONFIG_HASH_SLOT = UInt256.valueOf(3);
    private static final UInt256 PRICE_AND_SPANS_SLOT = UInt256.valueOf(4);
    private static final UInt256 EXPIRY_SLOT = UInt256.valueOf(5);

    private InferencePredeploys() {}

    /** Gateway and registry, each with nonce 1 as a contract has. */
    public static SortedMap<Address, GenesisAccount> accounts(InferenceConfig config, List<Address> validators) {
        SortedMap<Address, GenesisAccount> accounts = new TreeMap<>();
        accounts.put(
                SystemContracts.INFERENCE_GATEWAY,
                new GenesisAccount(Wei.ZERO, 1, SystemContracts.gatewayCode(), Collections.emptySortedMap()));
        accounts.put(
                SystemContracts.MODEL_REGISTRY,
                new GenesisAccount(Wei.ZERO, 1, SystemContracts.registryCode(), registryStorage(config, validators)));
        return Collections.unmodifiableSortedMap(accounts);
    }

    /** {@code alloc} with the predeploys; balances that it gives them stay, other code at their addresses is an error. */
    static SortedMap<Address, GenesisAccount> install(
            SortedMap<Address, GenesisAccount> alloc, InferenceConfig config, List<Address> validators)
            throws InvalidGenesisException {
        SortedMap<Address, GenesisAccount> merged = new TreeMap<>(alloc);
        for (var predeploy : accounts(config, validators).entrySet()) {
            GenesisAccount installed = predeploy.getValue();
            GenesisAccount listed = alloc.get(predeploy.getKey());
            if (listed != null) {
                boolean otherCode = !listed.code().isEmpty() && !listed.code().equals(installed.code());
                if (otherCode || !listed.storage().isEmpty()) {
                    throw new InvalidGenesisException("alloc." + predeploy.getKey()
                            + " has code or storage, but inference installs its own there");
                }
                installed =
                        new GenesisAccount(listed.balance(), installed.nonce(), installed.code(), installed.storage());
            }
            merged.put(predeploy.getKey(), installed);
        }
        return Collections.unmodifiableSortedMap(merged);
    }

    /** What the registry holds before its first transaction. */
    static SortedMap<UInt256, UInt256> registryStorage(InferenceConfig config, List<Address> validators) {
        SortedMap<UInt256, UInt256> storage = new TreeMap<>();
        storage.put(VALIDATORS_SLOT, UInt256.valueOf(validators.size()));
        Hash first = Keccak256.hash(Hash.of(VALIDATORS_SLOT));
        UInt256 slot = UInt256.fromBytes(first.toBytes());
        for (Address validator : validators) {
            storage.put(slot, UInt256.fromBytes(validator.toBytes()));
            slot = slot.add(UInt256.ONE);
        }
        storage.put(
                CONFIG_HASH_SLOT,
                UInt256.fromBytes(InferenceConfigHash.of(config).toBytes()));
        BigInteger packed = config.pricePerByte()
                .toBigInteger()
                .or(BigInteger.valueOf(config.activationDelay()).shiftLeft(128))
                .or(BigInteger.valueOf(config.retirementNotice()).shiftLeft(192));
        storage.put(PRICE_AND_SPANS_SLOT, UInt256.valueOf(packed));
        storage.put(EXPIRY_SLOT, UInt256.valueOf(config.announcementExpiry()));
        return storage;
    }
}
