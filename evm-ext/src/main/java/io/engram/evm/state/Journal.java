package io.engram.evm.state;

import io.engram.evm.interpreter.Code;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.word.Words;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The state while a block executes: a committed state, what the block's transactions so far did to it, and what the
 * running transaction did, with an undo log to go back to any {@link #checkpoint}.
 *
 * <p>{@link #beginTransaction} starts a transaction, {@link #commitTransaction} ends it; what was committed can no
 * longer be undone. Edits outside a transaction (rewards, withdrawals, irregular changes, overrides of a call) are
 * undone by {@link #revertTo} as well, until the next transaction begins. Used by one thread.
 */
public final class Journal {

    /** The precompile whose touch outlives a revert: what happened on the main network in block 2675119 (EIP-161). */
    private static final Address RIPEMD160 = new Address(0, 0, 3);

    private final StateReader reader;
    private final CodeCache codes;
    private final Map<Hash, Code> newCode = new HashMap<>();
    private final UndoLog undo = new UndoLog();
    private final List<Log> logs = new ArrayList<>();
    private final List<JournalAccount> touched = new ArrayList<>();
    private final List<JournalAccount> destroyed = new ArrayList<>();

    private JournalAccount[] accounts = new JournalAccount[64];
    private int accountCount;

    /** Number of the running transaction; marks of another number are void. */
    private int transaction = 1;

    private long refund;

    public Journal(StateReader reader, CodeCache codes) {
        this.reader = reader;
        this.codes = codes;
    }

    // Transactions and checkpoints

    /** Forgets the marks, logs and refund of the transaction before. */
    public void beginTransaction() {
        transaction++;
        undo.clear();
        logs.clear();
        touched.clear();
        destroyed.clear();
        refund = 0;
    }

    /** Marks the present point. */
    public int checkpoint() {
        return undo.size();
    }

    /** Undoes everything since a mark. */
    public void revertTo(int mark) {
        while (undo.size() > mark) {
            revert(undo.pop());
        }
    }

    private void revert(int at) {
        switch (undo.kind(at)) {
            case UndoLog.REFUND -> refund = undo.word(at, 0);
            case UndoLog.LOG -> logs.removeLast();
            default -> revert(undo.account(at), at);
        }
    }

    private void revert(JournalAccount account, int at) {
        switch (undo.kind(at)) {
            case UndoLog.BALANCE -> restore(at, account.balance, 0);
            case UndoLog.NONCE -> account.nonce = undo.word(at, 0);
            case UndoLog.CODE -> {
                account.codeHash = undo.hash(at);
                account.code = null;
            }
            case UndoLog.EXISTENCE -> account.exists = undo.word(at, 0) != 0;
            case UndoLog.STORAGE ->
                restore(at, slots(account).words, undo.slot(at) * SlotTable.STRIDE + SlotTable.CURRENT);
            case UndoLog.TRANSIENT ->
                restore(at, transientSlots(account).words, undo.slot(at) * SlotTable.STRIDE + SlotTable.CURRENT);
            case UndoLog.WARM_ACCOUNT -> account.warmIn = 0;
            case UndoLog.WARM_SLOT -> slots(account).warmIn[undo.slot(at)] = 0;
            case UndoLog.TOUCH -> {
                if (!account.address.equals(RIPEMD160)) {
                    account.touchedIn = 0;
                    touched.removeLast();
                } else {
                    // Stays touched: move it below whatever was touched before and may still be undone.
                    touched.remove(touched.size() - 1);
                    touched.addFirst(account);
                }
            }
            case UndoLog.DESTROY -> {
                account.destroyedIn = 0;
                destroyed.removeLast();
            }
            case UndoLog.CREATE -> account.createdIn = 0;
            default -> throw new IllegalStateException("unknown record");
        }
    }

    private void restore(int at, long[] target, int offset) {
        Words.set(target, offset, undo.word(at, 0), undo.word(at, 1), undo.word(at, 2), undo.word(at, 3));
    }

    /**
     * Ends the transaction: removes the accounts that destroyed themselves and, under EIP-161, those that were touched
     * and are empty. Nothing before this point can be undone afterwards. The logs stay until the next transaction.
     *
     * @param eip161 whether empty accounts are removed (from Spurious Dragon on)
     */
    public void commitTransaction(boolean eip161) {
        for (JournalAccount account : destroyed) {
            delete(account);
        }
        if (eip161) {
            for (JournalAccount account : touched) {
                if (account.load().exists && account.isDead()) {
                    delete(account);
                }
            }
        }
        undo.clear();
        touched.clear();
        destroyed.clear();
        refund = 0;
        transaction++;
    }

    private static void delete(JournalAccount account) {
        account.load();
        account.changed = true;
        account.exists = false;
        account.nonce = 0;
        Arrays.fill(account.balance, 0);
        account.codeHash = Hash.EMPTY_CODE;
        account.code = Code.EMPTY;
        account.storageCleared = true;
        if (account.slots != null) {
            account.slots.clear();
        }
    }

    // Accounts

    /** The account at an address, whether or not it exists. */
    public JournalAccount at(Address address) {
        int mask = accounts.length - 1;
        int at = HashSeed.mix(address.lo(), address.mid(), address.hi(), 0) & mask;
        while (accounts[at] != null) {
            JournalAccount account = accounts[at];
            if (account.address.equals(address)) {
                return account;
            }
            at = (at + 1) & mask;
        }
        return insert(address);
    }

    /** The account whose address is the low 20 bytes of a word. */
    public JournalAccount at(long[] s, int word) {
        int hi = (int) s[word + 2];
        long mid = s[word + 1];
        long lo = s[word];
        int mask = accounts.length - 1;
        int at = HashSeed.mix(lo, mid, hi, 0) & mask;
        while (accounts[at] != null) {
            JournalAccount account = accounts[at];
            Address address = account.address;
            if (address.lo() == lo && address.mid() == mid && address.hi() == hi) {
                return account;
            }
            at = (at + 1) & mask;
        }
        return insert(new Address(hi, mid, lo));
    }

    private JournalAccount insert(Address address) {
        if (accountCount * 2 >= accounts.length) {
            JournalAccount[] old = accounts;
            accounts = new JournalAccount[old.length * 2];
            for (JournalAccount account : old) {
                if (account != null) {
                    place(account);
                }
            }
        }
        JournalAccount account = new JournalAccount(address, this);
        accountCount++;
        place(account);
        return account;
    }

    private void place(JournalAccount account) {
        int mask = accounts.length - 1;
        Address address = account.address;
        int at = HashSeed.mix(address.lo(), address.mid(), address.hi(), 0) & mask;
        while (accounts[at] != null) {
            at = (at + 1) & mask;
        }
        accounts[at] = account;
    }

    void load(JournalAccount account) {
        Optional<Account> committed = reader.account(account.address);
        account.loaded = true;
        if (committed.isPresent()) {
            account.exists = true;
            account.existedBefore = true;
            account.nonce = committed.get().nonce();
            Limbs.of(committed.get().balance().value(), account.balance, 0);
            account.codeHash = committed.get().codeHash();
        }
    }

    Code loadCode(Hash hash) {
        Code code = newCode.get(hash);
        return code != null ? code : codes.get(hash, reader::code);
    }

    /** Makes an absent account exist, empty. */
    public void create(JournalAccount account) {
        account.load();
        if (!account.exists) {
            undo.add(UndoLog.EXISTENCE, account, 0, 0);
            account.exists = true;
        }
        account.changed = true;
    }

    /** Marks an account that may have to be removed if it is empty when the transaction ends (EIP-161). */
    public void touch(JournalAccount account) {
        if (account.touchedIn != transaction) {
            account.touchedIn = transaction;
            touched.add(account);
            undo.add(UndoLog.TOUCH, account, 0, 0);
        }
    }

    public void setNonce(JournalAccount account, long nonce) {
        create(account);
        undo.add(UndoLog.NONCE, account, 0, account.nonce);
        account.nonce = nonce;
    }

    public void setCode(JournalAccount account, byte[] code) {
        create(account);
        undo.addCode(account, account.codeHash);
        if (code.length == 0) {
            account.codeHash = Hash.EMPTY_CODE;
            account.code = Code.EMPTY;
            return;
        }
        Hash hash = Keccak256.hash(code);
        Code entry = newCode.computeIfAbsent(hash, h -> new Code(code, h));
        account.codeHash = hash;
        account.code = entry;
    }

    /** Adds the amount at {@code s[amount]}, touching the account and making it exist. */
    public void addBalance(JournalAccount account, long[] s, int amount) {
        create(account);
        touch(account);
        if (!Words.isZero(s, amount)) {
            recordBalance(account);
            addTo(account.balance, s, amount);
        }
    }

    /** Takes the amount at {@code s[amount]}, which the account must have, touching the account. */
    public void subtractBalance(JournalAccount account, long[] s, int amount) {
        create(account);
        touch(account);
        if (!Words.isZero(s, amount)) {
            recordBalance(account);
            subtractFrom(account.balance, s, amount);
        }
    }

    /** Whether the balance covers the amount at {@code s[amount]}. */
    public static boolean covers(JournalAccount account, long[] s, int amount) {
        long[] have = account.balance();
        for (int limb = 3; limb >= 0; limb--) {
            int order = Long.compareUnsigned(have[limb], s[amount + limb]);
            if (order != 0) {
                return order > 0;
            }
        }
        return true;
    }

    private void recordBalance(JournalAccount account) {
        long[] b = account.balance;
        undo.add(UndoLog.BALANCE, account, 0, b[0], b[1], b[2], b[3]);
    }

    private static void addTo(long[] balance, long[] s, int amount) {
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long x = balance[i];
            long sum = x + s[amount + i];
            long c = Long.compareUnsigned(sum, x) < 0 ? 1 : 0;
            sum += carry;
            carry = c | (Long.compareUnsigned(sum, carry) < 0 ? 1 : 0);
            balance[i] = sum;
        }
    }

    private static void subtractFrom(long[] balance, long[] s, int amount) {
        long borrow = 0;
        for (int i = 0; i < 4; i++) {
            long x = balance[i];
            long y = s[amount + i];
            long difference = x - y - borrow;
            borrow = Long.compareUnsigned(x, y) < 0 || (x == y && borrow != 0) ? 1 : 0;
            balance[i] = difference;
        }
    }

    /** Marks an account as the subject of CREATE in this transaction (EIP-6780). */
    public void markCreated(JournalAccount account) {
        if (account.createdIn != transaction) {
            account.createdIn = transaction;
            undo.add(UndoLog.CREATE, account, 0, 0);
        }
    }

    public boolean isCreatedNow(JournalAccount account) {
        return account.createdIn == transaction;
    }

    /** Destines an account to removal when the transaction ends. */
    public void destroy(JournalAccount account) {
        if (account.destroyedIn != transaction) {
            account.destroyedIn = transaction;
            destroyed.add(account);
            undo.add(UndoLog.DESTROY, account, 0, 0);
        }
    }

    public boolean isDestroyedNow(JournalAccount account) {
        return account.destroyedIn == transaction;
    }

    /** Whether the account has any non-zero slot, in the committed state or by this block (EIP-7610). */
    public boolean hasStorage(JournalAccount account) {
        SlotTable table = account.slots;
        if (table != null) {
            for (int slot = 0; slot < table.size(); slot++) {
                if (!Words.isZero(table.words, slot * SlotTable.STRIDE + SlotTable.CURRENT)) {
                    return true;
                }
            }
        }
        return !account.storageCleared && account.load().existedBefore && reader.hasStorage(account.address);
    }

    // Access marks (EIP-2929)

    /** Warms an account. @return whether it was warm already */
    public boolean warm(JournalAccount account) {
        if (account.warmIn == transaction) {
            return true;
        }
        account.warmIn = transaction;
        undo.add(UndoLog.WARM_ACCOUNT, account, 0, 0);
        return false;
    }

    /** Warms a slot by its number. @return whether it was warm already */
    public boolean warmSlot(JournalAccount account, int slot) {
        SlotTable table = slots(account);
        if (table.warmIn[slot] == transaction) {
            return true;
        }
        table.warmIn[slot] = transaction;
        undo.add(UndoLog.WARM_SLOT, account, slot, 0);
        return false;
    }

    // Storage

    private static SlotTable slots(JournalAccount account) {
        SlotTable table = account.slots;
        if (table == null) {
            table = new SlotTable();
            account.slots = table;
        }
        return table;
    }

    /**
     * The number of the slot whose key is the word at {@code s[key]}, for the methods below; loads it on first use.
     * Valid for the life of the journal.
     */
    public int slot(JournalAccount account, long[] s, int key) {
        SlotTable table = slots(account);
        int slot = table.find(s, key);
        if (slot < 0) {
            slot = loadSlot(account, table, s, key);
        }
        if (table.originalOf[slot] != transaction) {
            table.originalOf[slot] = transaction;
            int at = slot * SlotTable.STRIDE;
            System.arraycopy(table.words, at + SlotTable.CURRENT, table.words, at + SlotTable.ORIGINAL, 4);
        }
        return slot;
    }

    private int loadSlot(JournalAccount account, SlotTable table, long[] s, int key) {
        UInt256 value = UInt256.ZERO;
        if (!account.storageCleared && account.load().existedBefore) {
            value = reader.storage(account.address, Limbs.toUInt256(s, key));
        }
        int slot = table.add(s, key);
        if (!value.isZero()) {
            int at = slot * SlotTable.STRIDE;
            Limbs.of(value, table.words, at + SlotTable.CURRENT);
            Limbs.of(value, table.words, at + SlotTable.BASE);
        }
        return slot;
    }

    /** The array that holds the account's slot values; valid until the next new slot of the account. */
    public long[] slotWords(JournalAccount account) {
        return slots(account).words;
    }

    /** Where the present value of a slot lies in {@link #slotWords}. */
    public static int current(int slot) {
        return slot * SlotTable.STRIDE + SlotTable.CURRENT;
    }

    /** Where the value at the start of the transaction lies in {@link #slotWords}. */
    public static int original(int slot) {
        return slot * SlotTable.STRIDE + SlotTable.ORIGINAL;
    }

    /** Sets a slot to the word at {@code s[value]}. */
    public void setSlot(JournalAccount account, int slot, long[] s, int value) {
        account.load();
        account.changed = true;
        long[] words = slots(account).words;
        int at = current(slot);
        undo.add(UndoLog.STORAGE, account, slot, words[at], words[at + 1], words[at + 2], words[at + 3]);
        System.arraycopy(s, value, words, at, 4);
    }

    private SlotTable transientSlots(JournalAccount account) {
        SlotTable table = account.transientSlots;
        if (table == null || account.transientOf != transaction) {
            table = new SlotTable();
            account.transientSlots = table;
            account.transientOf = transaction;
        }
        return table;
    }

    /** Reads transient storage (EIP-1153) into {@code s[result]}, which may be the key's place. */
    public void transientLoad(JournalAccount account, long[] s, int key, int result) {
        SlotTable table = transientSlots(account);
        int slot = table.find(s, key);
        if (slot < 0) {
            Words.set(s, result, 0);
        } else {
            System.arraycopy(table.words, current(slot), s, result, 4);
        }
    }

    /** Writes transient storage. */
    public void transientStore(JournalAccount account, long[] s, int key, int value) {
        SlotTable table = transientSlots(account);
        int slot = table.find(s, key);
        if (slot < 0) {
            slot = table.add(s, key);
        }
        long[] words = table.words;
        int at = current(slot);
        undo.add(UndoLog.TRANSIENT, account, slot, words[at], words[at + 1], words[at + 2], words[at + 3]);
        System.arraycopy(s, value, words, at, 4);
    }

    // Logs and refund

    public void addLog(Log log) {
        logs.add(log);
        undo.add(UndoLog.LOG, null, 0, 0);
    }

    /** The logs of the running, or just committed, transaction. */
    public List<Log> logs() {
        return List.copyOf(logs);
    }

    public long refund() {
        return refund;
    }

    /** Adds to the refund counter; {@code amount} may be negative. */
    public void addRefund(long amount) {
        undo.add(UndoLog.REFUND, null, 0, refund);
        refund += amount;
    }

    // Boundary: what block processing and RPC use

    /** The account as it stands, absent when it does not exist. */
    public Optional<Account> account(Address address) {
        JournalAccount account = at(address);
        return account.exists()
                ? Optional.of(new Account(account.nonce, Wei.of(Limbs.toUInt256(account.balance, 0)), account.codeHash))
                : Optional.empty();
    }

    public Bytes code(Address address) {
        return Bytes.wrap(at(address).code().bytes());
    }

    public UInt256 storage(Address address, UInt256 slot) {
        long[] key = new long[4];
        Limbs.of(slot, key, 0);
        JournalAccount account = at(address);
        int number = slot(account, key, 0);
        return Limbs.toUInt256(slots(account).words, current(number));
    }

    /** Adds to a balance as a reward or withdrawal does: the account is made to exist and touched. */
    public void addBalance(Address address, Wei amount) {
        long[] word = new long[4];
        Limbs.of(amount.value(), word, 0);
        addBalance(at(address), word, 0);
    }

    public void setBalance(Address address, Wei amount) {
        JournalAccount account = at(address);
        create(account);
        touch(account);
        recordBalance(account);
        Limbs.of(amount.value(), account.balance, 0);
    }

    public void setNonce(Address address, long nonce) {
        setNonce(at(address), nonce);
    }

    public void setCode(Address address, Bytes code) {
        setCode(at(address), code.toArray());
    }

    public void setStorage(Address address, UInt256 slot, UInt256 value) {
        long[] words = new long[8];
        Limbs.of(slot, words, 0);
        Limbs.of(value, words, 4);
        JournalAccount account = at(address);
        create(account);
        setSlot(account, slot(account, words, 0), words, 4);
    }

    /** Drops every slot of an account; not undone by {@link #revertTo}. For state overrides of a call. */
    public void clearStorage(Address address) {
        JournalAccount account = at(address).load();
        account.changed = true;
        account.storageCleared = true;
        slots(account).clear();
    }

    /** The difference to the committed state, of everything that was not undone. */
    public StateChanges changes() {
        Map<Address, AccountChange> changes = new LinkedHashMap<>();
        Map<Hash, Bytes> code = new HashMap<>();
        for (JournalAccount account : accounts) {
            if (account == null || !account.changed || (!account.exists && !account.existedBefore)) {
                continue;
            }
            if (!account.exists) {
                changes.put(account.address, new AccountChange(Optional.empty(), true, Map.of()));
                continue;
            }
            Account now = new Account(account.nonce, Wei.of(Limbs.toUInt256(account.balance, 0)), account.codeHash);
            changes.put(
                    account.address,
                    new AccountChange(Optional.of(now), account.storageCleared, changedSlots(account)));
            Code deployed = newCode.get(account.codeHash);
            if (deployed != null) {
                code.put(account.codeHash, Bytes.wrap(deployed.bytes()));
            }
        }
        return new StateChanges(changes, code);
    }

    private static Map<UInt256, UInt256> changedSlots(JournalAccount account) {
        SlotTable table = account.slots;
        if (table == null) {
            return Map.of();
        }
        Map<UInt256, UInt256> changed = new HashMap<>();
        for (int slot = 0; slot < table.size(); slot++) {
            int at = slot * SlotTable.STRIDE;
            if (!Words.equal(table.words, at + SlotTable.CURRENT, at + SlotTable.BASE)) {
                changed.put(
                        Limbs.toUInt256(table.words, at + SlotTable.KEY),
                        Limbs.toUInt256(table.words, at + SlotTable.CURRENT));
            }
        }
        return changed;
    }
}
