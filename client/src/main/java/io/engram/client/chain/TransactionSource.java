package io.engram.client.chain;

import io.engram.genesis.transaction.Transaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Where a block under construction gets its transactions from. Used by one thread. */
public interface TransactionSource {

    /** The next candidate; the same one until one of the methods below has been called. */
    Optional<Transaction> peek();

    /** The candidate is in the block. */
    void included();

    /** The candidate is left out of this block, and so is what depends on it; it may be in a later one. */
    void postponed();

    /**
     * The candidate cannot be in any block on this head.
     *
     * @param reason for people
     */
    void rejected(String reason);

    /** Least inference gas that the candidate is known to take; 0 when nothing is known. */
    default long inferenceGasFloor() {
        return 0;
    }

    /** The candidate took at least so much inference gas before it had to be left out. */
    default void noteInferenceGas(long atLeast) {}

    /** The transactions of a list in its order; those that do not fit are left out. */
    static TransactionSource of(List<Transaction> transactions) {
        Deque<Transaction> left = new ArrayDeque<>(transactions);
        return new TransactionSource() {
            @Override
            public Optional<Transaction> peek() {
                return Optional.ofNullable(left.peek());
            }

            @Override
            public void included() {
                left.remove();
            }

            @Override
            public void postponed() {
                left.remove();
            }

            @Override
            public void rejected(String reason) {
                left.remove();
            }
        };
    }
}
