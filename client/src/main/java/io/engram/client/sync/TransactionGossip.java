package io.engram.client.sync;

import io.engram.client.pool.AddResult;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.Refusal;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Hash;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.EthLimits;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.eth.EthProtocol;
import io.engram.p2p.peer.Penalty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Transactions to and from peers: what enters the pool is spread, what peers send enters the pool if it passes the pool's checks, what
 * they announce is asked for once. Thread-safe.
 */
final class TransactionGossip implements AutoCloseable {

    private final TransactionPool pool;
    private final EthProtocol eth;
    private final BlockingQueue<Transaction> outgoing = new ArrayBlockingQueue<>(SyncLimits.OUTGOING_TRANSACTIONS);
    private final Set<Hash> requested = new LinkedHashSet<>();
    private final Thread thread;

    TransactionGossip(TransactionPool pool, EthProtocol eth) {
        this.pool = pool;
        this.eth = eth;
        this.thread = Thread.ofVirtual().name("transaction gossip").start(this::spreadUntilClosed);
    }

    /** The pool took a transaction; one that does not fit is not spread, and peers that ask for it get it. */
    void onAdded(PooledTransaction added) {
        if (!added.transaction().isImpersonated()) {
            boolean _ = outgoing.offer(added.transaction());
        }
    }

    private void spreadUntilClosed() {
        try {
            while (true) {
                List<Transaction> batch = new ArrayList<>();
                batch.add(outgoing.take());
                Thread.sleep(SyncLimits.GOSSIP_INTERVAL);
                outgoing.drainTo(batch);
                eth.broadcastTransactions(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A peer has come: it hears what the pool holds. */
    void onReady(EthPeer peer) {
        List<Transaction> held = pool.pending().values().stream()
                .flatMap(Collection::stream)
                .map(PooledTransaction::transaction)
                .filter(transaction -> !transaction.isImpersonated())
                .limit(EthLimits.ANNOUNCEMENTS)
                .toList();
        peer.announceTransactions(held);
    }

    void onTransactions(EthPeer peer, List<Transaction> transactions) {
        for (Transaction transaction : transactions) {
            forget(transaction.hash());
            if (pool.transaction(transaction.hash()).isEmpty()
                    && pool.add(transaction) instanceof AddResult.Refused refused
                    && isForged(refused.refusal().reason())) {
                peer.peer().penalise(Penalty.INVALID_DATA);
            }
        }
    }

    /** Whether no honest node holds such a transaction, whatever its head and its limits. */
    private static boolean isForged(Refusal.Reason reason) {
        return switch (reason) {
            case INVALID_SIGNATURE, MALFORMED, WRONG_CHAIN_ID -> true;
            default -> false;
        };
    }

    void onAnnouncements(EthPeer peer, List<TransactionAnnouncement> announcements) {
        List<Hash> wanted = announcements.stream()
                .map(TransactionAnnouncement::hash)
                .filter(hash -> pool.transaction(hash).isEmpty() && request(hash))
                .toList();
        for (int from = 0; from < wanted.size(); from += EthLimits.POOLED_TRANSACTIONS) {
            List<Hash> part = wanted.subList(from, Math.min(wanted.size(), from + EthLimits.POOLED_TRANSACTIONS));
            var _ = peer.pooledTransactions(part).whenComplete((transactions, failure) -> {
                part.forEach(this::forget);
                if (failure == null) {
                    Thread.ofVirtual().name("transactions").start(() -> onTransactions(peer, transactions));
                }
            });
        }
    }

    private synchronized boolean request(Hash hash) {
        if (requested.size() >= SyncLimits.REQUESTED_TRANSACTIONS) {
            return false;
        }
        return requested.add(hash);
    }

    private synchronized void forget(Hash hash) {
        requested.remove(hash);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
