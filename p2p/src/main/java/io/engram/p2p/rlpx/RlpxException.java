package io.engram.p2p.rlpx;

/** The peer broke the protocol, or the bytes are not what they claim; the session must end. */
public final class RlpxException extends Exception {

    private static final long serialVersionUID = 1L;

    public RlpxException(String reason) {
        super(reason);
    }

    public RlpxException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
