package io.engram.client.chain;

import io.engram.genesis.block.Block;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.opcode.InferenceTerms;
import java.util.List;

/** Executes whole blocks. Stateless and thread-safe. */
public final class BlockProcessor {

    /** The outcome; a {@link io.engram.evm.LocalFaultException} instead of one means that this node cannot tell. */
    public sealed interface Result {

        record Executed(BlockResult result) implements Result {}

        /** The block breaks a rule of execution. Roots and sums of its header are not compared here. */
        record Invalid(String reason) implements Result {}
    }

    private final BlockExecutions executions;

    public BlockProcessor(BlockExecutions executions) {
        this.executions = executions;
    }

    /** Executes {@code block} on the state after its parent. */
    public Result process(Block block, ParentState parent) {
        try {
            return new Result.Executed(execute(block, parent, InferenceTerms.CONSENSUS));
        } catch (InvalidBlockException e) {
            return new Result.Invalid(e.reason());
        }
    }

    /** @throws io.engram.inference.engine.CancelledException when the terms' cancellation says so */
    BlockResult execute(Block block, ParentState parent, InferenceTerms terms) throws InvalidBlockException {
        BlockExecution execution = executions.begin(block.header(), parent, terms);
        List<Transaction> transactions = block.body().transactions();
        for (int i = 0; i < transactions.size(); i++) {
            terms.demand().cancellation().check();
            String where = "transaction " + i + " (" + transactions.get(i).hash() + "): ";
            switch (execution.execute(transactions.get(i))) {
                case BlockExecution.Step.Included included -> {}
                case BlockExecution.Step.Rejected rejected ->
                    throw new InvalidBlockException(where + rejected.reason());
                case BlockExecution.Step.Excluded excluded ->
                    throw new InvalidBlockException(where + excluded.reason());
            }
        }
        return execution.finish(block.body().withdrawals(), block.body().ommers());
    }
}
