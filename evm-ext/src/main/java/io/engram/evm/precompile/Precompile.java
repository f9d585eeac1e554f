package io.engram.evm.precompile;

import java.util.Optional;

/**
 * A contract that the node runs natively. Implementations hold no state and are safe for concurrent use.
 *
 * <p>Both methods accept input of any length and never keep or change the array.
 *
 * <p>Errors: {@link io.engram.evm.LocalFaultException} when a native library cannot be loaded, and nothing else.
 */
public interface Precompile {

    /** The gas of a call in units; {@link Long#MAX_VALUE} when it is more than any caller can pay. */
    long gas(byte[] input);

    /**
     * The output for an input whose gas was paid; empty when the contract fails, which consumes all gas given to it.
     * The array returned belongs to the caller.
     */
    Optional<byte[]> run(byte[] input);
}
