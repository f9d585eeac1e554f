package io.engram.evm.state;

import io.engram.genesis.Hash;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The inverse of every change since a transaction began, latest last. Grows with the gas that was paid. */
final class UndoLog {

    static final int BALANCE = 0;
    static final int NONCE = 1;
    static final int CODE = 2;
    static final int EXISTENCE = 3;
    static final int STORAGE = 4;
    static final int TRANSIENT = 5;
    static final int WARM_ACCOUNT = 6;
    static final int WARM_SLOT = 7;
    static final int REFUND = 8;
    static final int TOUCH = 9;
    static final int DESTROY = 10;
    static final int CREATE = 11;
    static final int LOG = 12;

    private static final int STRIDE = 4;

    private int[] kinds = new int[64];
    private int[] slots = new int[64];
    private long[] words = new long[64 * STRIDE];
    private @Nullable JournalAccount[] accounts = new JournalAccount[64];
    private @Nullable Hash[] hashes = new Hash[64];
    private int size;

    int size() {
        return size;
    }

    void add(int kind, @Nullable JournalAccount account, int slot, long w0) {
        add(kind, account, slot, w0, 0, 0, 0);
    }

    void add(int kind, @Nullable JournalAccount account, int slot, long w0, long w1, long w2, long w3) {
        if (size == kinds.length) {
            int capacity = Math.multiplyExact(size, 2);
            kinds = Arrays.copyOf(kinds, capacity);
            slots = Arrays.copyOf(slots, capacity);
            words = Arrays.copyOf(words, Math.multiplyExact(capacity, STRIDE));
            accounts = Arrays.copyOf(accounts, capacity);
            hashes = Arrays.copyOf(hashes, capacity);
        }
        int at = size++;
        kinds[at] = kind;
        slots[at] = slot;
        accounts[at] = account;
        int w = at * STRIDE;
        words[w] = w0;
        words[w + 1] = w1;
        words[w + 2] = w2;
        words[w + 3] = w3;
    }

    void addCode(JournalAccount account, Hash hash) {
        add(CODE, account, 0, 0);
        hashes[size - 1] = hash;
    }

    /** Removes the latest record; its fields stay readable at the returned index until the next is added. */
    int pop() {
        return --size;
    }

    int kind(int at) {
        return kinds[at];
    }

    int slot(int at) {
        return slots[at];
    }

    long word(int at, int limb) {
        return words[at * STRIDE + limb];
    }

    JournalAccount account(int at) {
        JournalAccount account = accounts[at];
        if (account == null) {
            throw new IllegalStateException("record without account");
        }
        return account;
    }

    Hash hash(int at) {
        Hash hash = hashes[at];
        if (hash == null) {
            throw new IllegalStateException("record without hash");
        }
        return hash;
    }

    void clear() {
        Arrays.fill(accounts, 0, Math.min(accounts.length, Math.max(size, 64)), null);
        size = 0;
    }
}
