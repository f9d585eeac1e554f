package io.engram.client.chain;

import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.client.pool.TransactionSelection;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.Transaction;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pool's executable transactions by tip. What turns out to be invalid is dropped from the pool. */
final class PoolSource implements TransactionSource {

    private static final Logger LOG = LoggerFactory.getLogger(PoolSource.class);

    private final TransactionPool pool;
    private final TransactionSelection selection;

    PoolSource(TransactionPool pool, Wei baseFee) {
        this.pool = pool;
        this.selection = pool.select(baseFee);
    }

    @Override
    public Optional<Transaction> peek() {
        return selection.peek().map(PooledTransaction::transaction);
    }

    @Override
    public void included() {
        selection.take();
    }

    @Override
    public void postponed() {
        selection.skipSender();
    }

    @Override
    public void rejected(String reason) {
        Hash hash = candidate();
        LOG.info("Transaction {} leaves the pool: {}", hash, reason);
        pool.remove(hash);
        selection.skipSender();
    }

    @Override
    public long inferenceGasFloor() {
        return pool.inferenceGasFloor(candidate());
    }

    @Override
    public void noteInferenceGas(long atLeast) {
        pool.noteInferenceGas(candidate(), atLeast);
    }

    private Hash candidate() {
        return selection.peek().orElseThrow().hash();
    }
}
