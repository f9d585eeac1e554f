package io.engram.client.chain;

import io.engram.evm.LocalFaultException;

/**
 * Results that were given for a block are not about the inputs that the block has. Either their source lied about the inputs, or
 * those who sealed the block were wrong: without the model this node cannot tell.
 */
final class UnfoundedClaimException extends LocalFaultException {

    private static final long serialVersionUID = 1L;

    UnfoundedClaimException(String message) {
        super(message);
    }
}
