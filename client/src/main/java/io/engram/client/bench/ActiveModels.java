package io.engram.client.bench;

import io.engram.client.model.RegistryStorage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.model.Model;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Models that a chain has from its beginning, in the registry's storage as {@link RegistryStorage} reads it. */
final class ActiveModels {

    private static final UInt256 FIRST_BLOCK = UInt256.ONE;

    private ActiveModels() {}

    /** The accounts with these models active from block 1 on. */
    static SortedMap<Address, GenesisAccount> in(SortedMap<Address, GenesisAccount> accounts, List<Model> models) {
        SortedMap<Address, GenesisAccount> changed = new TreeMap<>(accounts);
        changed.computeIfPresent(SystemContracts.MODEL_REGISTRY, (_, registry) -> {
            SortedMap<UInt256, UInt256> storage = new TreeMap<>(registry.storage());
            models.forEach(model -> write(storage, model));
            return new GenesisAccount(registry.balance(), registry.nonce(), registry.code(), storage);
        });
        return changed;
    }

    private static void write(SortedMap<UInt256, UInt256> storage, Model model) {
        UInt256 base = keccak(Bytes.concatenate(model.id().toBytes(), UInt256.ZERO));
        storage.put(base, UInt256.fromBytes(model.graph().author().toBytes()));
        storage.put(base.add(1), FIRST_BLOCK);
        List<Hash> facts = model.facts().toWords();
        storage.put(base.add(2), UInt256.valueOf(facts.size()));
        UInt256 first = keccak(base.add(2));
        for (int i = 0; i < facts.size(); i++) {
            storage.put(first.add(i), UInt256.fromBytes(facts.get(i).toBytes()));
        }
    }

    private static UInt256 keccak(Bytes bytes) {
        return UInt256.fromBytes(Keccak256.hash(bytes).toBytes());
    }
}
