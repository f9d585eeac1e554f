package io.engram.client.storage;

import io.engram.evm.LocalFaultException;

/** The database cannot be opened, read or written, or holds what it must not hold; the message tells the operator. */
public final class DatabaseException extends LocalFaultException {

    private static final long serialVersionUID = 1L;

    public DatabaseException(String message) {
        super(message);
    }

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
