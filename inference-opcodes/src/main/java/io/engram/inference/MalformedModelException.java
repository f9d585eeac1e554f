package io.engram.inference;

/** A model file or graph that is not canonical, not valid or over a limit. The message is the reason. */
public final class MalformedModelException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedModelException(String reason) {
        super(reason);
    }

    public MalformedModelException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
