package io.engram.client.trie;

import io.engram.evm.LocalFaultException;

/** A stored trie node is missing or malformed. */
public final class CorruptNodeException extends LocalFaultException {

    private static final long serialVersionUID = 1L;

    public CorruptNodeException(String message) {
        super(message);
    }
}
