package io.engram.evm.extension;

import io.engram.genesis.Wei;
import java.util.List;

/** The per-transaction state of an {@link OperationSet}. Used by one thread. */
public interface TransactionExtension {

    /** Marks the present point of the journaled part; called when a frame starts. */
    int checkpoint();

    /** Undoes the journaled part back to a mark; called when a frame reverts or halts exceptionally. */
    void revertTo(int mark);

    /**
     * Amounts to credit when the transaction ends, paid together with the coinbase and by its rules; no code runs.
     *
     * @param gasUsed final gas used, after refunds and floors
     * @param baseFee of the block, per gas
     */
    List<Credit> settle(long gasUsed, Wei baseFee);

    /** Why an operation answered {@link ExtensionOperation.Outcome#EXCLUDE_TRANSACTION}; asked right after it did. */
    default String exclusionReason() {
        return "an operation excludes it";
    }
}
