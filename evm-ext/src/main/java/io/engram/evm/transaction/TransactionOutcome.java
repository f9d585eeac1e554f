package io.engram.evm.transaction;

import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.interpreter.HaltReason;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** What became of a transaction. */
public sealed interface TransactionOutcome {

    /**
     * It is in the block; its effects are in the journal.
     *
     * @param succeeded the status of the receipt
     * @param gasUsed what the sender paid for, after refund and floor
     * @param refund gas given back by the refund counter, as capped
     * @param logs in order; none when it failed
     * @param output return or revert data; for a creation the revert data only
     * @param created the new contract, when the transaction made one
     * @param halt why it failed
     * @param effectiveGasPrice what each gas cost the sender
     * @param blobGasUsed 0 but for blob transactions
     * @param extensions the per-transaction parts of the operation sets, in the order of the sets
     */
    record Executed(
            boolean succeeded,
            long gasUsed,
            long refund,
            List<Log> logs,
            Bytes output,
            Optional<Address> created,
            Optional<HaltReason> halt,
            Wei effectiveGasPrice,
            long blobGasUsed,
            List<TransactionExtension> extensions)
            implements TransactionOutcome {
        public Executed {
            logs = List.copyOf(logs);
            extensions = List.copyOf(extensions);
        }
    }

    /** It may not be in the block; the journal is as before. */
    record Rejected(TransactionError reason, String detail) implements TransactionOutcome {}

    /** An operation set leaves it out of this block; the journal is as before. */
    record Excluded(String reason) implements TransactionOutcome {}
}
