package io.engram.client.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The transactions of one sender by nonce. Not thread-safe. */
final class SenderQueue {

    private final TreeMap<Long, PooledTransaction> byNonce = new TreeMap<>(Long::compareUnsigned);
    private long accountNonce;

    SenderQueue(long accountNonce) {
        this.accountNonce = accountNonce;
    }

    /** Sets the account's nonce as of the head; returns the transactions that can never execute any more. */
    List<PooledTransaction> advanceTo(long nonce) {
        accountNonce = nonce;
        List<PooledTransaction> stale =
                new ArrayList<>(byNonce.headMap(nonce, false).values());
        byNonce.headMap(nonce, false).clear();
        return stale;
    }

    Optional<PooledTransaction> at(long nonce) {
        return Optional.ofNullable(byNonce.get(nonce));
    }

    void put(PooledTransaction transaction) {
        byNonce.put(transaction.nonce(), transaction);
    }

    void remove(long nonce) {
        byNonce.remove(nonce);
    }

    /** First nonce that no executable transaction uses. */
    long nextNonce() {
        long next = accountNonce;
        while (byNonce.containsKey(next)) {
            next++;
        }
        return next;
    }

    /** The transactions that follow the account's nonce without a gap, in order. */
    List<PooledTransaction> pending() {
        List<PooledTransaction> run = new ArrayList<>();
        long next = accountNonce;
        for (PooledTransaction transaction : byNonce.values()) {
            if (transaction.nonce() != next) {
                break;
            }
            run.add(transaction);
            next++;
        }
        return run;
    }

    boolean isPending(long nonce) {
        return Long.compareUnsigned(nonce, nextNonce()) < 0;
    }

    Collection<PooledTransaction> all() {
        return byNonce.values();
    }

    PooledTransaction last() {
        return byNonce.lastEntry().getValue();
    }

    int size() {
        return byNonce.size();
    }

    boolean isEmpty() {
        return byNonce.isEmpty();
    }
}
