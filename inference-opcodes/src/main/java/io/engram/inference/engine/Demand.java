package io.engram.inference.engine;

/**
 * On whose behalf an inference runs. Changes when it runs and whether it may be given up, never what comes of it.
 *
 * @param cancellation asked while it waits and between its steps
 */
public record Demand(Priority priority, Cancellation cancellation) {

    /** The execution of a block: starts at once and is never given up. */
    public static final Demand CONSENSUS = consensus(Cancellation.NEVER);

    /** Who goes first. */
    public enum Priority {
        /** A block waits for it. */
        CONSENSUS,
        /** A caller waits for it; takes its turn within the memory for running inferences. */
        CALL,
        /** Nobody waits for it yet; stays back while a block's inference runs. */
        AHEAD
    }

    /** The execution of a block that may lose its purpose, when another is decided at its height (protocol F1). */
    public static Demand consensus(Cancellation cancellation) {
        return new Demand(Priority.CONSENSUS, cancellation);
    }

    /** What a caller asks for who goes away when {@code cancellation} says so. */
    public static Demand call(Cancellation cancellation) {
        return new Demand(Priority.CALL, cancellation);
    }

    /** What is computed because it may be wanted soon. */
    public static Demand ahead(Cancellation cancellation) {
        return new Demand(Priority.AHEAD, cancellation);
    }
}
