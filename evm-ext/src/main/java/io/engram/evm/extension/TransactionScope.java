package io.engram.evm.extension;

import io.engram.evm.BlockContext;

/**
 * The transaction an operation set is asked to serve.
 *
 * @param kind why code is being executed
 */
public record TransactionScope(BlockContext block, Kind kind) {

    public enum Kind {
        /** A transaction that is, or may become, part of a block. */
        TRANSACTION,
        /** eth_call and its kin: nothing is kept. */
        SIMULATION,
        /** A call that the protocol itself makes at the start or end of a block. */
        SYSTEM
    }
}
