package io.engram.inference.engine;

/** A run was given up because its result is no longer wanted. Says nothing about the model, its input or this node. */
public final class CancelledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String reason) {
        super(reason);
    }
}
