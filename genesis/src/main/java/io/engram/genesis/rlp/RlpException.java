package io.engram.genesis.rlp;

/** Bytes that are not the canonical encoding of what was to be read. The only error that decoding ends in. */
public final class RlpException extends Exception {

    private static final long serialVersionUID = 1L;

    public RlpException(String reason) {
        super(reason);
    }
}
