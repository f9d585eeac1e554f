package io.engram.client.chain;

import io.engram.client.pool.PoolHead;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;

/** Tells the pool of each new head. */
public final class PoolFollower {

    private PoolFollower() {}

    /** What the pool judges by at the present head of {@code chain}. */
    public static PoolHead headOf(Blockchain chain) {
        ChainStore.Head head = chain.head();
        BlockRules next = chain.rules().after(head, head.header().timestamp() + 1);
        boolean london = next.fork().isAtLeast(Fork.LONDON);
        return new PoolHead(
                next.fork(),
                london ? chain.rules().nextBaseFee(head.header()) : Wei.ZERO,
                head.header().gasLimit(),
                chain.requireStateAfter(head.number()));
    }

    /** Keeps {@code pool} up to date from now on. */
    public static void attach(Blockchain chain, TransactionPool pool) {
        chain.onChange(event -> pool.onHead(headOf(chain)));
    }
}
