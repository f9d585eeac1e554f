package io.engram.inference.engine;

/** A back end declines a model: it lacks something for it, but nothing is wrong. Another back end computes it. */
public final class UnsupportedModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnsupportedModelException(String reason) {
        super(reason);
    }
}
