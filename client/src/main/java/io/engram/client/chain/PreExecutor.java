package io.engram.client.chain;

import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.evm.LocalFaultException;
import io.engram.evm.state.Account;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.inference.engine.CancelledException;
import io.engram.inference.engine.Demand;
import io.engram.inference.opcode.InferenceTerms;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs pooled transactions on the head before a block does, so that their inferences are in the engine's memo by then
 * (protocol F7): the next transaction of a sender that can pay at the current base fee, within a budget of gas for each
 * head. Only the engine remembers what came of it, and a block's own inferences go first. One thread of its own;
 * thread-safe.
 */
public final class PreExecutor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PreExecutor.class);

    private final Blockchain chain;
    private final TransactionPool pool;
    private final BlockExecutions executions;
    private final PreExecutionQueue queue = new PreExecutionQueue();
    private final QuietTargets quiet = new QuietTargets();
    private final LongAdder executed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final Thread thread;
    private volatile boolean closed;

    private PreExecutor(Blockchain chain, TransactionPool pool, BlockExecutions executions) {
        this.chain = chain;
        this.pool = pool;
        this.executions = executions;
        this.thread = Thread.ofPlatform().daemon().name("inference-ahead").unstarted(this::work);
    }

    /**
     * Transactions since the start.
     *
     * @param executed to their end
     * @param cancelled because they left the pool meanwhile
     * @param dropped because too many waited
     * @param queued that wait now
     */
    public record Status(long executed, long cancelled, long dropped, int queued) {}

    /** Begins with what arrives from now on. */
    public static PreExecutor start(Blockchain chain, TransactionPool pool, BlockExecutions executions) {
        PreExecutor ahead = new PreExecutor(chain, pool, executions);
        ahead.newPeriod();
        pool.onAdded(ahead::offer);
        chain.onChange(event -> ahead.newPeriod());
        ahead.thread.start();
        return ahead;
    }

    public Status status() {
        return new Status(executed.sum(), cancelled.sum(), queue.dropped(), queue.size());
    }

    private void offer(PooledTransaction transaction) {
        if (isNext(transaction)) {
            queue.offer(transaction.hash());
        }
    }

    private void newPeriod() {
        ChainStore.Head head = chain.head();
        BlockRules rules = chain.rules().after(head, head.header().timestamp() + 1);
        long inferenceGas =
                rules.inference().map(config -> config.blockInferenceGasLimit()).orElse(0L);
        queue.newPeriod(head.header().gasLimit(), inferenceGas);
        pool.pending().values().forEach(run -> offer(run.getFirst()));
    }

    /** Whether it is its sender's next one and pays the base fee; the pool holds none that the sender cannot pay. */
    private boolean isNext(PooledTransaction transaction) {
        return transaction.nonce() == pool.accountNonce(transaction.sender())
                && transaction.effectiveTip(pool.head().baseFee()).signum() >= 0;
    }

    private void work() {
        while (!closed) {
            try {
                Optional<PreExecutionQueue.Turn> turn = queue.take();
                if (turn.isPresent()) {
                    pool.transaction(turn.get().hash()).ifPresent(held -> run(held, turn.get()));
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("A transaction could not be run ahead", e);
            }
        }
    }

    private void run(PooledTransaction held, PreExecutionQueue.Turn turn) {
        if (!isNext(held) || isOfQuietTarget(held) || isPlainTransfer(held)) {
            return;
        }
        long gasLimit = held.transaction().gasLimit();
        if (gasLimit > turn.gas() || turn.inferenceGas() <= 0) {
            queue.putOff(held.hash());
            return;
        }
        try {
            BlockExecution execution = begin(held.hash(), turn.inferenceGas());
            BlockExecution.Step step = execution.execute(held.transaction());
            switch (step) {
                case BlockExecution.Step.Included included -> {
                    queue.spend(included.receipt().cumulativeGasUsed(), execution.inferenceGasUsed());
                    held.transaction().to().ifPresent(to -> quiet.note(to, execution.inferenceGasUsed() > 0));
                }
                case BlockExecution.Step.Excluded excluded -> {
                    queue.spend(gasLimit, gasLimit);
                    held.transaction().to().ifPresent(to -> quiet.note(to, true));
                }
                case BlockExecution.Step.Rejected rejected -> {}
            }
            executed.increment();
        } catch (CancelledException _) {
            queue.spend(gasLimit, gasLimit);
            cancelled.increment();
        } catch (LocalFaultException e) {
            queue.spend(gasLimit, gasLimit);
            LOG.debug("Transaction {} cannot be run ahead", held.hash(), e);
        } catch (InvalidBlockException e) {
            throw new IllegalStateException("no block can be begun on the head: " + e.reason(), e);
        }
    }

    private boolean isOfQuietTarget(PooledTransaction held) {
        return held.transaction()
                .to()
                .filter(to -> !quiet.isWorthRunning(to, held.hash()))
                .isPresent();
    }

    private boolean isPlainTransfer(PooledTransaction held) {
        return held.transaction()
                .to()
                .filter(to ->
                        pool.head().state().account(to).filter(Account::hasCode).isEmpty())
                .isPresent();
    }

    /** As in the block that would follow the head at once. */
    private BlockExecution begin(Hash transaction, long inferenceGas) throws InvalidBlockException {
        ChainStore.Head head = chain.head();
        BlockHeader above = head.header();
        BlockBuilder.Attributes attributes = new BlockBuilder.Attributes(
                above.coinbase(), above.timestamp() + 1, Hash.ZERO, 1, BlockBuilder.ANY_MODEL, BlockOverrides.NONE);
        BlockRules rules = chain.rules().after(head, attributes.timestamp());
        BlockHeader draft = DraftHeader.of(chain.rules(), head, rules, attributes, above.gasLimit());
        ParentState onHead =
                new ParentState(head, chain.requireStateAfter(head.number()), chain.ancestors(), changes -> Hash.ZERO);
        InferenceTerms terms = InferenceTerms.of(Demand.ahead(() -> requireWanted(transaction)))
                .withGasLimit(inferenceGas);
        return executions.begin(draft, onHead, terms);
    }

    private void requireWanted(Hash transaction) {
        if (closed) {
            throw new CancelledException("the node stops");
        }
        if (pool.transaction(transaction).isEmpty()) {
            throw new CancelledException("transaction " + transaction + " has left the pool");
        }
    }

    /** Returns when nothing runs any more. */
    @Override
    public void close() {
        closed = true;
        queue.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
