package io.engram.genesis.block;

import io.engram.genesis.Hash;
import io.engram.genesis.transaction.TransactionType;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one transaction as the receipts root commits to it. The bloom is derived from the logs.
 *
 * @param succeeded meaningful when {@code stateRoot} is absent (EIP-658)
 * @param stateRoot present before Byzantium only
 * @param cumulativeGasUsed gas of this and all earlier transactions of the block
 */
public record Receipt(
        TransactionType type, boolean succeeded, Optional<Hash> stateRoot, long cumulativeGasUsed, List<Log> logs) {
    public Receipt {
        logs = List.copyOf(logs);
    }
}
