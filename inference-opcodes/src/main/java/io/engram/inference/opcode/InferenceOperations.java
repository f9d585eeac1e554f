package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import java.util.List;

/**
 * INFER, INFERARRAY and MODELINFO. The operations themselves hold nothing and find their block through the transaction,
 * so that code decoded in one block can be run in another.
 */
final class InferenceOperations implements OperationSet {

    private static final List<ExtensionOperation> OPERATIONS =
            List.of(new InferOperation(), new InferArrayOperation(), new ModelInfoOperation());

    private final InferenceBlock block;

    InferenceOperations(InferenceBlock block) {
        this.block = block;
    }

    @Override
    public String id() {
        return "inference/1";
    }

    @Override
    public List<ExtensionOperation> operations() {
        return OPERATIONS;
    }

    @Override
    public TransactionExtension begin(TransactionScope scope) {
        return new InferenceTransaction(block, scope.kind());
    }
}
