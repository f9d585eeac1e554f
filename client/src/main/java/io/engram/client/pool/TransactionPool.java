package io.engram.client.pool;

import io.engram.evm.state.Account;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.Transaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/**
 * Transactions that wait for a block: executable ones ("pending": no gap before their nonce) and ones that wait for
 * an earlier nonce ("queued"). Everything in it passed the checks of {@link TransactionChecks} and could be paid for at
 * the head at which it was added. Thread-safe.
 */
public final class TransactionPool {

    private final PoolLimits limits;
    private final TransactionChecks checks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, PooledTransaction> byHash = new HashMap<>();
    private final Map<Hash, Long> inferenceGasFloor = new HashMap<>();
    private final Map<Address, SenderQueue> bySender = new HashMap<>();
    private final List<Consumer<PooledTransaction>> listeners = new CopyOnWriteArrayList<>();
    private PoolHead head;
    private long arrivals;

    public TransactionPool(PoolLimits limits, TransactionChecks checks, PoolHead head) {
        this.limits = limits;
        this.checks = checks;
        this.head = head;
    }

    /** {@code listener} is called after each addition, on the adding thread, outside the pool's lock. */
    public void onAdded(Consumer<PooledTransaction> listener) {
        listeners.add(listener);
    }

    /** Takes a transaction in its EIP-2718 encoding. */
    public AddResult addRaw(Bytes encoded) {
        if (encoded.size() > limits.transactionBytes()) {
            return new AddResult.Refused(tooLarge(encoded.size()));
        }
        return switch (TransactionChecks.decode(encoded)) {
            case TransactionChecks.Decoded.Ok ok -> add(ok.transaction());
            case TransactionChecks.Decoded.Bad bad -> new AddResult.Refused(bad.refusal());
        };
    }

    /**
     * Takes a decoded transaction. Its sender may be a given one ({@link Transaction#withSender}), as where development
     * networks impersonate accounts.
     */
    public AddResult add(Transaction transaction) {
        return switch (checks.check(transaction, head())) {
            case TransactionChecks.Checked.Bad bad -> new AddResult.Refused(bad.refusal());
            case TransactionChecks.Checked.Ok ok ->
                ok.size() > limits.transactionBytes()
                        ? new AddResult.Refused(tooLarge(ok.size()))
                        : insert(transaction, ok);
        };
    }

    private AddResult insert(Transaction transaction, TransactionChecks.Checked.Ok checked) {
        AddResult result;
        lock.lock();
        try {
            PooledTransaction candidate =
                    new PooledTransaction(transaction, checked.hash(), checked.sender(), arrivals++, checked.size());
            result = insertLocked(candidate);
        } finally {
            lock.unlock();
        }
        if (result instanceof AddResult.Added added) {
            listeners.forEach(listener -> listener.accept(added.transaction()));
        }
        return result;
    }

    private AddResult insertLocked(PooledTransaction candidate) {
        if (byHash.containsKey(candidate.hash())) {
            return refuse(Refusal.Reason.ALREADY_KNOWN, candidate.hash().toHex());
        }
        SenderQueue queue = bySender.get(candidate.sender());
        Account account = queue != null ? queue.account() : accountOf(candidate.sender());
        Optional<Refusal> unfit = againstAccount(candidate, account);
        if (unfit.isPresent()) {
            return new AddResult.Refused(unfit.get());
        }
        Optional<PooledTransaction> rival = queue == null ? Optional.empty() : queue.at(candidate.nonce());
        if (rival.isPresent()) {
            if (!outbids(candidate.transaction(), rival.get().transaction())) {
                return refuse(
                        Refusal.Reason.REPLACEMENT_UNDERPRICED,
                        "a replacement must raise both fees by " + limits.replacementPercent() + " %; the pool holds "
                                + rival.get().hash());
            }
            forget(rival.get());
        } else {
            if (queue != null && queue.size() >= limits.perSender()) {
                return refuse(
                        Refusal.Reason.SENDER_LIMIT,
                        candidate.sender() + " has " + queue.size() + " transactions in the pool already");
            }
            if (byHash.size() >= limits.transactions() && !makeRoomFor(candidate)) {
                return refuse(
                        Refusal.Reason.POOL_FULL,
                        "the pool holds " + byHash.size() + " transactions, all of a higher tip");
            }
        }
        SenderQueue target = bySender.computeIfAbsent(candidate.sender(), sender -> new SenderQueue(account));
        target.put(candidate);
        byHash.put(candidate.hash(), candidate);
        return new AddResult.Added(candidate, target.isPending(candidate.nonce()), rival.map(PooledTransaction::hash));
    }

    private Account accountOf(Address address) {
        return head.state().account(address).orElse(Account.EMPTY);
    }

    private Optional<Refusal> againstAccount(PooledTransaction candidate, Account account) {
        long nonce = candidate.nonce();
        if (Long.compareUnsigned(nonce, account.nonce()) < 0) {
            return Optional.of(new Refusal(
                    Refusal.Reason.NONCE_TOO_LOW,
                    "next nonce " + Long.toUnsignedString(account.nonce()) + ", tx nonce "
                            + Long.toUnsignedString(nonce)));
        }
        if (Long.compareUnsigned(nonce - account.nonce(), limits.nonceGap()) > 0) {
            return Optional.of(new Refusal(
                    Refusal.Reason.NONCE_TOO_HIGH,
                    "next nonce " + Long.toUnsignedString(account.nonce()) + ", tx nonce "
                            + Long.toUnsignedString(nonce) + ", more than " + limits.nonceGap() + " ahead"));
        }
        if (account.hasCode()
                && !candidate.transaction().isImpersonated()
                && !TransactionChecks.maySend(head.state().code(account.codeHash()), head.fork())) {
            return Optional.of(new Refusal(Refusal.Reason.SENDER_HAS_CODE, candidate.sender() + " is a contract"));
        }
        BigInteger cost = candidate.maxCost();
        BigInteger balance = account.balance().toBigInteger();
        if (cost.compareTo(balance) > 0) {
            return Optional.of(new Refusal(
                    Refusal.Reason.INSUFFICIENT_FUNDS,
                    candidate.sender() + " has " + balance + " wei, the transaction may cost " + cost));
        }
        return Optional.empty();
    }

    private boolean outbids(Transaction candidate, Transaction rival) {
        return raised(candidate.maxFeePerGas(), rival.maxFeePerGas())
                && raised(candidate.maxPriorityFeePerGas(), rival.maxPriorityFeePerGas());
    }

    private boolean raised(Wei offered, Wei held) {
        BigInteger hundred = BigInteger.valueOf(100);
        BigInteger wanted = held.toBigInteger().multiply(BigInteger.valueOf(100L + limits.replacementPercent()));
        return offered.toBigInteger().multiply(hundred).compareTo(wanted) >= 0 && offered.compareTo(held) > 0;
    }

    /** Drops the last transaction of the sender whose last one offers least, if that is less than the candidate. */
    private boolean makeRoomFor(PooledTransaction candidate) {
        PooledTransaction victim = null;
        BigInteger least = candidate.effectiveTip(head.baseFee());
        for (SenderQueue queue : bySender.values()) {
            PooledTransaction last = queue.last();
            BigInteger tip = last.effectiveTip(head.baseFee());
            if (tip.compareTo(least) < 0 && !last.sender().equals(candidate.sender())) {
                victim = last;
                least = tip;
            }
        }
        if (victim == null) {
            return false;
        }
        forget(victim);
        return true;
    }

    private void forget(PooledTransaction transaction) {
        byHash.remove(transaction.hash());
        inferenceGasFloor.remove(transaction.hash());
        SenderQueue queue = bySender.get(transaction.sender());
        if (queue != null) {
            queue.remove(transaction.nonce());
            if (queue.isEmpty()) {
                bySender.remove(transaction.sender());
            }
        }
    }

    /** Judges everything anew by a new head, forwards or backwards: drops what can never execute any more. */
    public void onHead(PoolHead newHead) {
        lock.lock();
        try {
            // Of what the content is judged by nothing else changes from head to head.
            boolean stricter = newHead.fork() != head.fork() || newHead.gasLimit() < head.gasLimit();
            head = newHead;
            for (Map.Entry<Address, SenderQueue> entry : new ArrayList<>(bySender.entrySet())) {
                Account account = accountOf(entry.getKey());
                for (PooledTransaction stale : entry.getValue().advanceTo(account)) {
                    forget(stale);
                }
                BigInteger balance = account.balance().toBigInteger();
                for (PooledTransaction held : List.copyOf(entry.getValue().all())) {
                    if (held.maxCost().compareTo(balance) > 0
                            || (stricter && checks.outdated(held.transaction(), newHead))) {
                        forget(held);
                    }
                }
                if (entry.getValue().isEmpty()) {
                    bySender.remove(entry.getKey());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops a transaction, for example one that cannot be executed; later ones of its sender become queued. */
    public boolean remove(Hash hash) {
        lock.lock();
        try {
            PooledTransaction held = byHash.get(hash);
            if (held != null) {
                forget(held);
            }
            return held != null;
        } finally {
            lock.unlock();
        }
    }

    public void clear() {
        lock.lock();
        try {
            byHash.clear();
            bySender.clear();
            inferenceGasFloor.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Remembers that executing the transaction takes at least so much inference gas (protocol C5). */
    public void noteInferenceGas(Hash hash, long atLeast) {
        lock.lock();
        try {
            if (byHash.containsKey(hash)) {
                inferenceGasFloor.merge(hash, atLeast, Math::max);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #noteInferenceGas} remembers; 0 when nothing is known. */
    public long inferenceGasFloor(Hash hash) {
        lock.lock();
        try {
            return inferenceGasFloor.getOrDefault(hash, 0L);
        } finally {
            lock.unlock();
        }
    }

    public PoolHead head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    public Optional<PooledTransaction> transaction(Hash hash) {
        lock.lock();
        try {
            return Optional.ofNullable(byHash.get(hash));
        } finally {
            lock.unlock();
        }
    }

    /** Spares recoveries: those of {@code transactions} that the pool holds take over the senders known here. */
    public void lendSenders(List<Transaction> transactions) {
        lock.lock();
        try {
            for (Transaction transaction : transactions) {
                PooledTransaction held = byHash.get(transaction.hash());
                if (held != null) {
                    transaction.adoptSender(held.transaction());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The nonce that the sender's next transaction should have: after all that are pending, gaps ending the count. */
    public long nextNonce(Address sender) {
        lock.lock();
        try {
            SenderQueue queue = bySender.get(sender);
            return queue != null ? queue.nextNonce() : accountOf(sender).nonce();
        } finally {
            lock.unlock();
        }
    }

    /** The nonce of an account at the head. */
    public long accountNonce(Address address) {
        lock.lock();
        try {
            SenderQueue queue = bySender.get(address);
            return (queue != null ? queue.account() : accountOf(address)).nonce();
        } finally {
            lock.unlock();
        }
    }

    /** A snapshot of the executable transactions in block order. */
    public TransactionSelection select(Wei baseFee) {
        return new TransactionSelection(pending().values(), baseFee);
    }

    /** Executable transactions by sender, in nonce order. */
    public Map<Address, List<PooledTransaction>> pending() {
        lock.lock();
        try {
            Map<Address, List<PooledTransaction>> view = new HashMap<>();
            bySender.forEach((sender, queue) -> {
                List<PooledTransaction> run = queue.pending();
                if (!run.isEmpty()) {
                    view.put(sender, run);
                }
            });
            return Map.copyOf(view);
        } finally {
            lock.unlock();
        }
    }

    /** Transactions that wait for an earlier nonce, by sender, in nonce order. */
    public Map<Address, List<PooledTransaction>> queued() {
        lock.lock();
        try {
            Map<Address, List<PooledTransaction>> view = new HashMap<>();
            bySender.forEach((sender, queue) -> {
                List<PooledTransaction> gapped = queue.all().stream()
                        .filter(held -> !queue.isPending(held.nonce()))
                        .sorted(Comparator.comparing(PooledTransaction::nonce, Long::compareUnsigned))
                        .toList();
                if (!gapped.isEmpty()) {
                    view.put(sender, gapped);
                }
            });
            return Map.copyOf(view);
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return byHash.size();
        } finally {
            lock.unlock();
        }
    }

    private static AddResult refuse(Refusal.Reason reason, String detail) {
        return new AddResult.Refused(new Refusal(reason, detail));
    }

    private Refusal tooLarge(int size) {
        return new Refusal(Refusal.Reason.TOO_LARGE, size + " bytes, at most " + limits.transactionBytes());
    }
}
