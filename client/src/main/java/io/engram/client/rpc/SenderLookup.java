package io.engram.client.rpc;

import io.engram.genesis.Address;
import io.engram.genesis.transaction.Transaction;

/** Who sent a transaction that is in a block or in the pool. Thread-safe. */
@FunctionalInterface
public interface SenderLookup {

    Address sender(Transaction transaction);
}
