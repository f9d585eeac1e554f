package io.engram.client.chain;

import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import io.engram.inference.opcode.InferenceBlock;
import io.engram.inference.opcode.InferenceTransaction;
import java.util.List;
import java.util.Optional;

/** One block's inference operations; keeps hold of the latest transaction's part, to ask why it was left out. */
final class BlockOperations implements OperationSet {

    private final OperationSet operations;
    private Optional<TransactionExtension> latest = Optional.empty();

    BlockOperations(InferenceBlock block) {
        this.operations = block.operations();
    }

    @Override
    public String id() {
        return operations.id();
    }

    @Override
    public List<ExtensionOperation> operations() {
        return operations.operations();
    }

    @Override
    public TransactionExtension begin(TransactionScope scope) {
        TransactionExtension begun = operations.begin(scope);
        latest = Optional.of(begun);
        return begun;
    }

    /** Least inference gas of the transaction that was left out last; 0 when it gave no figure. */
    long refusedInferenceGas() {
        return latest.filter(InferenceTransaction.class::isInstance)
                .map(InferenceTransaction.class::cast)
                .map(transaction -> transaction.refusedInferenceGas().orElse(0))
                .orElse(0L);
    }
}
