package io.engram.genesis.block;

import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * What a block holds beside its header.
 *
 * @param withdrawals present from Shanghai on
 */
public record BlockBody(
        List<Transaction> transactions, List<BlockHeader> ommers, Optional<List<Withdrawal>> withdrawals) {
    public BlockBody {
        transactions = List.copyOf(transactions);
        ommers = List.copyOf(ommers);
        withdrawals = withdrawals.map(List::copyOf);
    }
}
