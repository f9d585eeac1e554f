package io.engram.inference.engine;

/** Asked between the steps of a run whether to go on. Thread-safe. */
@FunctionalInterface
public interface Cancellation {

    /** Never cancels: for runs whose result consensus needs. */
    Cancellation NEVER = () -> {};

    /** @throws CancelledException when the result is no longer wanted */
    void check();
}
