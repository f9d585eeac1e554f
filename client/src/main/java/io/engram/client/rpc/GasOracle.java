package io.engram.client.rpc;

import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Suggests fees from what recent blocks took. Thread-safe. */
public final class GasOracle {

    private static final int BLOCKS = 20;
    private static final int TIPS_PER_BLOCK = 3;
    private static final int PERCENTILE = 60;
    private static final Wei HIGHEST_TIP = Wei.of(500_000_000_000L);

    private record Suggestion(Hash head, Wei tip) {}

    private final ChainView chain;
    private final TransactionPool pool;
    private final Wei leastTip;
    private volatile Suggestion last = new Suggestion(Hash.ZERO, Wei.ZERO);

    /** @param leastTip suggested when blocks are empty, and never gone below */
    public GasOracle(ChainView chain, TransactionPool pool, Wei leastTip) {
        this.chain = chain;
        this.pool = pool;
        this.leastTip = leastTip;
    }

    /** Base fee of the next block; zero before London. */
    public Wei nextBaseFee() {
        return pool.head().baseFee();
    }

    /** What a transaction of today's usual urgency offers on top of the base fee. */
    public Wei tip() {
        ChainView.Located head = chain.head();
        Suggestion known = last;
        if (known.head().equals(head.hash())) {
            return known.tip();
        }
        Suggestion fresh = new Suggestion(head.hash(), compute(head));
        last = fresh;
        return fresh.tip();
    }

    public Wei gasPrice() {
        return nextBaseFee().plus(tip());
    }

    private Wei compute(ChainView.Located head) {
        List<Wei> tips = new ArrayList<>();
        for (long number = head.number(); number > 0 && number > head.number() - BLOCKS; number--) {
            chain.find(new BlockReference.ByNumber(number)).ifPresent(block -> tips.addAll(cheapest(block)));
        }
        if (tips.isEmpty()) {
            return leastTip;
        }
        tips.sort(null);
        Wei tip = tips.get((tips.size() - 1) * PERCENTILE / 100);
        return max(leastTip, tip.compareTo(HIGHEST_TIP) > 0 ? HIGHEST_TIP : tip);
    }

    /** The lowest few tips of a block: what it took to get in. */
    private List<Wei> cheapest(ChainView.Located block) {
        return chain.body(block).transactions().stream()
                .map(transaction -> tip(transaction, block))
                .sorted()
                .limit(TIPS_PER_BLOCK)
                .toList();
    }

    private static Wei tip(Transaction transaction, ChainView.Located block) {
        Wei baseFee = block.header().baseFee().orElse(Wei.ZERO);
        Wei price = transaction.effectiveGasPrice(baseFee);
        return price.compareTo(baseFee) > 0 ? price.minus(baseFee) : Wei.ZERO;
    }

    /**
     * Tips at percentiles of a block's gas, as eth_feeHistory gives them.
     *
     * @param percentiles ascending, 0 to 100
     */
    List<Wei> rewards(ChainView.Located block, List<Double> percentiles) {
        List<Transaction> transactions = chain.body(block).transactions();
        if (transactions.isEmpty()) {
            return percentiles.stream().map(ignored -> Wei.ZERO).toList();
        }
        List<Receipt> receipts = chain.receipts(block);
        record Paid(Wei tip, long gas) {}
        List<Paid> paid = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < transactions.size(); i++) {
            long cumulative = receipts.get(i).cumulativeGasUsed();
            paid.add(new Paid(tip(transactions.get(i), block), cumulative - before));
            before = cumulative;
        }
        paid.sort(Comparator.comparing(Paid::tip));
        List<Wei> rewards = new ArrayList<>();
        int at = 0;
        long sum = paid.getFirst().gas();
        for (double percentile : percentiles) {
            double wanted = block.header().gasUsed() * percentile / 100;
            while (sum < wanted && at < paid.size() - 1) {
                at++;
                sum += paid.get(at).gas();
            }
            rewards.add(paid.get(at).tip());
        }
        return List.copyOf(rewards);
    }

    private static Wei max(Wei a, Wei b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
