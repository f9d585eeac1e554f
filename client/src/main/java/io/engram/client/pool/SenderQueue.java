package io.engram.client.pool;

import io.engram.evm.state.Account;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The transactions of one sender by nonce, with the sender's account as of the head. Not thread-safe. */
final class SenderQueue {

    private final TreeMap<Long, PooledTransaction> byNonce = new TreeMap<>(Long::compareUnsigned);
    private Account account;

    /** First nonce that no executable transaction uses. */
    private long next;

    SenderQueue(Account account) {
        this.account = account;
        this.next = account.nonce();
    }

    Account account() {
        return account;
    }

    /** Sets the account as of the head; returns the transactions that can never execute any more. */
    List<PooledTransaction> advanceTo(Account now) {
        boolean within =
                Long.compareUnsigned(now.nonce(), account.nonce()) >= 0 && Long.compareUnsigned(now.nonce(), next) <= 0;
        account = now;
        Map<Long, PooledTransaction> past = byNonce.headMap(now.nonce(), false);
        List<PooledTransaction> stale = new ArrayList<>(past.values());
        past.clear();
        if (!within) {
            next = now.nonce();
            extend();
        }
        return stale;
    }

    private void extend() {
        while (byNonce.containsKey(next)) {
            next++;
        }
    }

    Optional<PooledTransaction> at(long nonce) {
        return Optional.ofNullable(byNonce.get(nonce));
    }

    void put(PooledTransaction transaction) {
        byNonce.put(transaction.nonce(), transaction);
        extend();
    }

    void remove(long nonce) {
        boolean executable = Long.compareUnsigned(nonce, account.nonce()) >= 0 && Long.compareUnsigned(nonce, next) < 0;
        if (byNonce.remove(nonce) != null && executable) {
            next = nonce;
        }
    }

    /** First nonce that no executable transaction uses. */
    long nextNonce() {
        return next;
    }

    /** The transactions that follow the account's nonce without a gap, in order. */
    List<PooledTransaction> pending() {
        return List.copyOf(byNonce.headMap(next, false).values());
    }

    boolean isPending(long nonce) {
        return Long.compareUnsigned(nonce, next) < 0;
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
