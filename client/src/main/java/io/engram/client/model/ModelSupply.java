package io.engram.client.model;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.inference.model.Model;
import io.engram.inference.opcode.ModelSource;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The store's models for those who execute. One that cannot be loaded is a local fault, and is asked for, so that it is there
 * when the block is tried again. Thread-safe.
 */
public final class ModelSupply implements ModelSource {

    private final ModelStore store;
    private final CopyOnWriteArrayList<Consumer<Hash>> listeners = new CopyOnWriteArrayList<>();

    public ModelSupply(ModelStore store) {
        this.store = store;
    }

    /** {@code listener} hears of models that a block needs and the store does not have; it must return at once. */
    public void onMissing(Consumer<Hash> listener) {
        listeners.add(listener);
    }

    @Override
    public Model load(Hash modelId) {
        try {
            return store.load(modelId);
        } catch (LocalFaultException e) {
            listeners.forEach(listener -> listener.accept(modelId));
            throw e;
        }
    }
}
