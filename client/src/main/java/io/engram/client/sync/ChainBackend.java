package io.engram.client.sync;

import io.engram.client.chain.Blockchain;
import io.engram.client.chain.ChainStore;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.ChainHead;
import io.engram.p2p.eth.EthBackend;
import io.engram.p2p.eth.ForkIdSchedule;
import java.util.List;
import java.util.Optional;

/** Serves peers from the stored chain and the pool. Thread-safe. */
public final class ChainBackend implements EthBackend {

    private final Blockchain chain;
    private final TransactionPool pool;
    private final long networkId;
    private final Hash genesis;
    private final ForkIdSchedule forkIds;

    /** @param networkId Besu's default is the chain id */
    public ChainBackend(Blockchain chain, TransactionPool pool, ChainConfig config, long networkId) {
        this.chain = chain;
        this.pool = pool;
        this.networkId = networkId;
        this.genesis = chain.store().canonicalHash(0).orElseThrow();
        long genesisTime = chain.store().header(genesis).orElseThrow().timestamp();
        this.forkIds = ForkIdSchedule.of(config, genesis, genesisTime);
    }

    @Override
    public long networkId() {
        return networkId;
    }

    @Override
    public Hash genesisHash() {
        return genesis;
    }

    @Override
    public ForkIdSchedule forkIds() {
        return forkIds;
    }

    @Override
    public ChainHead head() {
        ChainStore.Head head = chain.head();
        return new ChainHead(head.number(), head.hash(), head.header().timestamp(), head.totalDifficulty(), 0);
    }

    @Override
    public Optional<BlockHeader> header(long number) {
        return chain.store().header(number);
    }

    @Override
    public Optional<BlockHeader> header(Hash hash) {
        return chain.canonicalHeader(hash);
    }

    @Override
    public Optional<BlockBody> body(Hash blockHash) {
        return header(blockHash).flatMap(header -> chain.store().body(blockHash));
    }

    @Override
    public Optional<List<Receipt>> receipts(Hash blockHash) {
        return header(blockHash).flatMap(header -> chain.store().receipts(blockHash));
    }

    @Override
    public Optional<Transaction> pooledTransaction(Hash hash) {
        return pool.transaction(hash)
                .map(PooledTransaction::transaction)
                .filter(transaction -> !transaction.isImpersonated());
    }
}
