package io.engram.client.model;

import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.opcode.ModelDirectory;
import io.engram.inference.opcode.ModelEntry;
import io.engram.inference.opcode.ModelStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ModelRegistry contract's storage at the end of the parent block, as one block sees it (protocol C2). Entries are
 * read once. Used by one thread.
 */
public final class RegistryDirectory implements ModelDirectory {

    private final RegistryStorage storage;
    private final long blockNumber;
    private final Map<Hash, Optional<ModelEntry>> read = new HashMap<>();

    /**
     * @param parentState after the parent of the block
     * @param blockNumber of the block that is executed
     */
    public RegistryDirectory(StateReader parentState, Address registry, long blockNumber) {
        this.storage = new RegistryStorage(parentState, registry);
        this.blockNumber = blockNumber;
    }

    @Override
    public Optional<ModelEntry> find(Hash modelId) {
        return read.computeIfAbsent(modelId, this::load);
    }

    private Optional<ModelEntry> load(Hash modelId) {
        return storage.entry(modelId)
                .flatMap(entry -> ModelFacts.ofWords(entry.facts())
                        .map(facts ->
                                new ModelEntry(entry.author(), entry.royalty(), statusAt(entry, blockNumber), facts)));
    }

    /** Where a model stands for the block of this number. */
    public static ModelStatus statusAt(RegistryStorage.Entry entry, long blockNumber) {
        if (entry.activeFrom() == 0) {
            return ModelStatus.ANNOUNCED;
        }
        if (entry.retiredFrom() != 0 && Long.compareUnsigned(blockNumber, entry.retiredFrom()) >= 0) {
            return ModelStatus.RETIRED;
        }
        if (entry.suspended()) {
            return ModelStatus.SUSPENDED;
        }
        return Long.compareUnsigned(blockNumber, entry.activeFrom()) >= 0 ? ModelStatus.ACTIVE : ModelStatus.ATTESTED;
    }
}
