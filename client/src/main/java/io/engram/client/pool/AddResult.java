package io.engram.client.pool;

import io.engram.genesis.Hash;
import java.util.Optional;

/** What became of a transaction that was offered to the pool. */
public sealed interface AddResult {

    /**
     * The pool holds it.
     *
     * @param pending whether it could be executed next, all earlier nonces being present
     * @param replaced the transaction of the same sender and nonce that it displaced
     */
    record Added(PooledTransaction transaction, boolean pending, Optional<Hash> replaced) implements AddResult {}

    record Refused(Refusal refusal) implements AddResult {}
}
