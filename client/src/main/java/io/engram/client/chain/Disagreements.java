package io.engram.client.chain;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Passes on what a validator could not reproduce. Thread-safe. */
public final class Disagreements {

    private final List<Consumer<InferenceDisagreement>> listeners = new CopyOnWriteArrayList<>();

    /** {@code listener} is called on the thread that judges blocks, and must return at once. */
    public void onDisagreement(Consumer<InferenceDisagreement> listener) {
        listeners.add(listener);
    }

    void tell(InferenceDisagreement disagreement) {
        listeners.forEach(listener -> listener.accept(disagreement));
    }
}
