package io.engram.genesis.config;

/** A genesis file that this client cannot follow to the letter; the message names the key and the reason. */
public final class InvalidGenesisException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidGenesisException(String reason) {
        super(reason);
    }

    public InvalidGenesisException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
