package io.engram.evm;

/**
 * This node cannot tell the outcome: a missing file, a lost device, exhausted memory. Never a statement about the block
 * or transaction that was being executed; whoever catches it must neither change state nor judge the block.
 */
public class LocalFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LocalFaultException(String message) {
        super(message);
    }

    public LocalFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
