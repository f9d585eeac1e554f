package io.engram.client.pool;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Executable transactions in the order in which a block takes them: highest tip first, earlier arrival first among
 * equals, and each sender's in nonce order. A snapshot; used by one thread.
 */
public final class TransactionSelection {

    private record Candidate(PooledTransaction transaction, BigInteger tip) {}

    private final PriorityQueue<Candidate> best = new PriorityQueue<>(Comparator.comparing(Candidate::tip)
            .reversed()
            .thenComparingLong(candidate -> candidate.transaction().sequence()));
    private final Map<Address, Deque<PooledTransaction>> waiting = new HashMap<>();
    private final Wei baseFee;

    /** @param runs for each sender its executable transactions in nonce order */
    TransactionSelection(Collection<List<PooledTransaction>> runs, Wei baseFee) {
        this.baseFee = baseFee;
        for (List<PooledTransaction> run : runs) {
            if (!run.isEmpty()) {
                Address sender = run.getFirst().sender();
                waiting.put(sender, new ArrayDeque<>(run));
                advance(sender);
            }
        }
    }

    private void advance(Address sender) {
        Deque<PooledTransaction> run = waiting.getOrDefault(sender, new ArrayDeque<>());
        PooledTransaction next = run.poll();
        if (next != null) {
            BigInteger tip = next.effectiveTip(baseFee);
            if (tip.signum() >= 0) {
                best.add(new Candidate(next, tip));
            }
        }
    }

    /** The best candidate; the one that was looked at before must have been taken or skipped. */
    public Optional<PooledTransaction> peek() {
        return Optional.ofNullable(best.peek()).map(Candidate::transaction);
    }

    /** The present candidate is in the block; its sender's next one becomes a candidate. */
    public void take() {
        Candidate taken = best.remove();
        advance(taken.transaction().sender());
    }

    /** The present candidate is left out, and with it all that its sender has after it. */
    public void skipSender() {
        Candidate skipped = best.remove();
        waiting.remove(skipped.transaction().sender());
    }
}
