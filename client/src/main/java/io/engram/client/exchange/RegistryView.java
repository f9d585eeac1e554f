package io.engram.client.exchange;

import io.engram.client.model.RegistryDirectory;
import io.engram.client.model.RegistryStorage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.inference.opcode.ModelStatus;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The registry's models and validators after one block. Immutable.
 *
 * @param attested every model that was ever attested
 */
record RegistryView(Map<Hash, RegistryStorage.Entry> attested, Set<Address> validators) {

    static final RegistryView EMPTY = new RegistryView(Map.of(), Set.of());

    RegistryView {
        attested = Map.copyOf(attested);
        validators = Set.copyOf(validators);
    }

    static RegistryView of(RegistryStorage registry) {
        Map<Hash, RegistryStorage.Entry> attested = new LinkedHashMap<>();
        for (Hash id : registry.modelIds()) {
            registry.entry(id).ifPresent(entry -> attested.put(id, entry));
        }
        return new RegistryView(attested, new HashSet<>(registry.validators()));
    }

    /** The same models with these validators. */
    RegistryView withValidators(List<Address> now) {
        return validators.equals(Set.copyOf(now)) ? this : new RegistryView(attested, Set.copyOf(now));
    }

    /** Signatures that an attestation needs: ceil(2n/3). */
    int quorum() {
        return (2 * validators.size() + 2) / 3;
    }

    /** Length of an attested model's file. */
    Optional<Long> size(Hash modelId) {
        return Optional.ofNullable(attested.get(modelId))
                .map(entry -> entry.facts().getFirst().w0());
    }

    /** Models that a block from this number on may call. */
    Set<Hash> callable(long nextBlock) {
        Set<Hash> models = new TreeSet<>();
        attested.forEach((id, entry) -> {
            if (RegistryDirectory.statusAt(entry, nextBlock) != ModelStatus.RETIRED) {
                models.add(id);
            }
        });
        return models;
    }

    /** Models that the block of this number may call. */
    Set<Hash> active(long block) {
        Set<Hash> models = new TreeSet<>();
        for (Hash id : attested.keySet()) {
            if (isActive(id, block)) {
                models.add(id);
            }
        }
        return models;
    }

    /** Whether the block of this number may call the model. */
    boolean isActive(Hash modelId, long block) {
        RegistryStorage.Entry entry = attested.get(modelId);
        return entry != null && RegistryDirectory.statusAt(entry, block) == ModelStatus.ACTIVE;
    }
}
