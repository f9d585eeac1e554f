package io.engram.evm.precompile;

import java.util.Optional;

/** A contract that the protocol provides. Stateless and thread-safe. */
public interface Precompile {

    /**
     * The price of {@link #run} on this input.
     *
     * @return gas, never negative; {@link Long#MAX_VALUE} when no caller could pay
     */
    long gas(byte[] input);

    /**
     * Computes the output.
     *
     * @param input read only
     * @return empty when the call fails and consumes all gas given to it
     */
    Optional<byte[]> run(byte[] input);
}
