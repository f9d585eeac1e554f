package io.engram.client.sync;

import io.engram.client.chain.BlockImporter;
import io.engram.client.chain.Blockchain;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.block.Block;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.BlockRange;
import io.engram.p2p.eth.EthListener;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.eth.EthProtocol;
import io.engram.p2p.peer.Peer;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A chain and its pool joined to the eth protocol. Thread-safe. */
public final class ChainNetwork implements AutoCloseable {

    private final ChainBackend backend;
    private final EthProtocol protocol;
    private final ChainSync sync;
    private final BlockGossip blocks;
    private final TransactionGossip transactions;
    private final List<BiConsumer<Peer, BlockRange>> rangeListeners = new CopyOnWriteArrayList<>();

    /** @param gate what each block of others waits for */
    public ChainNetwork(
            Blockchain chain,
            BlockImporter importer,
            ValidatorProvider validators,
            TransactionPool pool,
            ChainConfig config,
            long networkId,
            ImportGate gate,
            InstantSource clock) {
        this.backend = new ChainBackend(chain, pool, config, networkId);
        this.protocol = new EthProtocol(backend, new Listener(), config.hasher());
        this.sync = new ChainSync(chain, importer, validators, gate, clock);
        this.blocks = new BlockGossip(protocol, () -> sync.progress().isEmpty());
        this.transactions = new TransactionGossip(pool, protocol);
        chain.onChange(blocks::onChange);
        pool.onAdded(transactions::onAdded);
    }

    /** {@code listener} hears, on the peers' threads, what blocks each peer says it has; must return at once. */
    public void onRange(BiConsumer<Peer, BlockRange> listener) {
        rangeListeners.add(listener);
    }

    private void tellRange(EthPeer peer) {
        peer.range().ifPresent(range -> rangeListeners.forEach(listener -> listener.accept(peer.peer(), range)));
    }

    public void start() {
        sync.start();
    }

    public ChainBackend backend() {
        return backend;
    }

    public EthProtocol protocol() {
        return protocol;
    }

    public ChainSync sync() {
        return sync;
    }

    private final class Listener implements EthListener {

        @Override
        public void onReady(EthPeer peer) {
            sync.add(peer);
            transactions.onReady(peer);
            tellRange(peer);
        }

        @Override
        public void onGone(EthPeer peer) {
            sync.remove(peer);
        }

        @Override
        public void onNewBlock(EthPeer peer, Block block) {
            sync.offer(peer, block);
        }

        @Override
        public void onBlockAnnouncements(EthPeer peer, List<BlockAnnouncement> announcements) {
            sync.check();
        }

        @Override
        public void onTransactions(EthPeer peer, List<Transaction> sent) {
            transactions.onTransactions(peer, sent);
        }

        @Override
        public void onTransactionAnnouncements(EthPeer peer, List<TransactionAnnouncement> announcements) {
            transactions.onAnnouncements(peer, announcements);
        }

        @Override
        public void onRange(EthPeer peer) {
            sync.check();
            tellRange(peer);
        }
    }

    @Override
    public void close() {
        sync.close();
        blocks.close();
        transactions.close();
    }
}
