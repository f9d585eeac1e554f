package io.engram.evm.state;

import io.engram.evm.interpreter.Code;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import org.jspecify.annotations.Nullable;

/**
 * One account as the running block sees it. Changed through {@link Journal} only, which keeps the undo log; the getters
 * load the account from the committed state on first use.
 */
public final class JournalAccount {

    final Address address;
    private final Journal journal;

    boolean loaded;
    boolean exists;
    long nonce;

    /** The balance, as a word. */
    final long[] balance = new long[4];

    Hash codeHash = Hash.EMPTY_CODE;

    /** The code, once asked for; belongs to {@link #codeHash}. */
    @Nullable
    Code code;

    /** Whether it existed when the block began. */
    boolean existedBefore;

    /** Whether anything of it may differ from the state before the block. */
    boolean changed;

    /** Whether the slots of the committed state are gone. */
    boolean storageCleared;

    @Nullable
    SlotTable slots;

    @Nullable
    SlotTable transientSlots;

    int transientOf;

    // Each of these marks is the number of the transaction in which it was set; other transactions do not see it.
    int warmIn;
    int createdIn;
    int destroyedIn;
    int touchedIn;

    JournalAccount(Address address, Journal journal) {
        this.address = address;
        this.journal = journal;
    }

    public Address address() {
        return address;
    }

    JournalAccount load() {
        if (!loaded) {
            journal.load(this);
        }
        return this;
    }

    public boolean exists() {
        return load().exists;
    }

    public long nonce() {
        return load().nonce;
    }

    /** The balance, four limbs, least significant first; read only. */
    public long[] balance() {
        return load().balance;
    }

    public Hash codeHash() {
        return load().codeHash;
    }

    public Code code() {
        load();
        Code known = code;
        if (known == null) {
            known = journal.loadCode(codeHash);
            code = known;
        }
        return known;
    }

    public boolean hasBalance() {
        load();
        return (balance[0] | balance[1] | balance[2] | balance[3]) != 0;
    }

    public boolean hasCode() {
        return !load().codeHash.equals(Hash.EMPTY_CODE);
    }

    /** Absent or empty in the sense of EIP-161. */
    public boolean isDead() {
        return !exists() || (nonce == 0 && !hasBalance() && !hasCode());
    }
}
