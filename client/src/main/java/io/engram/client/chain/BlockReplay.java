package io.engram.client.chain;

import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.Demand;
import io.engram.inference.opcode.InferenceTerms;
import java.util.List;
import java.util.Optional;

/** Runs blocks of the chain once more, for the eye. Thread-safe. */
public final class BlockReplay {

    private final Blockchain chain;
    private final BlockExecutions executions;

    public BlockReplay(Blockchain chain, BlockExecutions executions) {
        this.chain = chain;
        this.executions = executions;
    }

    /**
     * Runs a block up to one of its transactions, and observes that one.
     *
     * @param terms on which models are run; its cancellation is asked before each transaction
     * @return false when the state before the block is not kept
     */
    public boolean trace(Block block, int transactionIndex, Tracer tracer, InferenceTerms terms) {
        BlockHeader header = block.header();
        Optional<ParentState> parent = parentState(header);
        if (parent.isEmpty()) {
            return false;
        }
        try {
            BlockExecution execution = executions.begin(header, parent.get(), terms);
            List<Transaction> transactions = block.body().transactions();
            for (int i = 0; i <= transactionIndex; i++) {
                terms.demand().cancellation().check();
                execution.execute(transactions.get(i), i == transactionIndex ? tracer : Tracer.NONE);
            }
            return true;
        } catch (InvalidBlockException e) {
            throw new IllegalStateException("block " + header.number() + " cannot be run again: " + e.getMessage(), e);
        }
    }

    /** The inferences of a block: what the back end makes of them, and on what inputs. */
    public record Inferences(List<InferenceReceipt> receipts, List<RunLog.Run> runs) {
        public Inferences {
            receipts = List.copyOf(receipts);
            runs = List.copyOf(runs);
        }
    }

    /**
     * Runs a block, of the chain or only proposed, for its inferences, up to the first transaction that cannot be in it.
     *
     * @return empty when the state before the block is not kept, or nothing can be run on it
     */
    public Optional<Inferences> inferences(Block block) {
        Optional<ParentState> parent = parentState(block.header());
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        RunLog log = new RunLog();
        try {
            BlockExecution execution = executions.begin(
                    block.header(),
                    parent.get(),
                    InferenceTerms.of(Demand.call(Cancellation.NEVER)).observedBy(log));
            for (Transaction transaction : block.body().transactions()) {
                if (!(execution.execute(transaction) instanceof BlockExecution.Step.Included)) {
                    break;
                }
            }
            List<InferenceReceipt> receipts = execution.inferences();
            return Optional.of(new Inferences(receipts, log.runs().subList(0, receipts.size())));
        } catch (InvalidBlockException e) {
            return Optional.empty();
        }
    }

    /** What an existing block was executed on; empty when the state is not kept. */
    public Optional<ParentState> parentState(BlockHeader header) {
        Hash parentHash = header.parentHash();
        Optional<BlockHeader> above = chain.store().header(parentHash);
        Optional<StateReader> state = header.number() == 0 ? Optional.empty() : chain.stateAfter(header.number() - 1);
        if (above.isEmpty() || state.isEmpty()) {
            return Optional.empty();
        }
        ChainStore.Head parent = new ChainStore.Head(
                parentHash,
                above.get(),
                chain.store().totalDifficulty(parentHash).orElse(above.get().difficulty()));
        // The intermediate roots of receipts before Byzantium are the only use of the last part.
        return Optional.of(new ParentState(parent, state.get(), chain.ancestors(), changes -> Hash.ZERO));
    }
}
