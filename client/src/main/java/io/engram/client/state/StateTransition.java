package io.engram.client.state;

import io.engram.client.storage.Column;
import io.engram.client.storage.Cursor;
import io.engram.client.storage.View;
import io.engram.client.trie.MerkleTrie;
import io.engram.client.trie.TrieEntry;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The step from the state that a view holds to its successor: the new root, the writes to flat columns, tries and code,
 * and what was there before. For one use in one thread.
 */
final class StateTransition {

    private static final byte[] NOTHING = new byte[0];

    /**
     * What one account was before.
     *
     * @param account in flat form; empty when it did not exist
     * @param slots changed slots and their values before, without leading zeros
     */
    record Before(Address address, byte[] account, Map<UInt256, byte[]> slots) {}

    private final View view;
    private final StateWrites writes = new StateWrites();
    private final List<Before> before = new ArrayList<>();
    private final List<TrieEntry> accountEntries = new ArrayList<>();
    private final Hash root;

    private StateTransition(View view, Hash oldRoot, StateChanges changes) {
        this.view = view;
        // In the order of addresses, so that the same changes give the same batch.
        changes.accounts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEachOrdered(entry -> account(entry.getKey(), entry.getValue()));
        Collections.sort(accountEntries);
        this.root = MerkleTrie.update(StoredNodes.ofAccounts(view, writes), oldRoot, accountEntries);
        changes.code().forEach((hash, code) -> writes.put(Column.CODE, hash.toArray(), code.toArrayUnsafe()));
    }

    static StateTransition compute(View view, Hash oldRoot, StateChanges changes) {
        return new StateTransition(view, oldRoot, changes);
    }

    Hash root() {
        return root;
    }

    StateWrites writes() {
        return writes;
    }

    List<Before> before() {
        return before;
    }

    private void account(Address address, AccountChange change) {
        byte[] key = StateKeys.account(address);
        Optional<byte[]> oldFlat = view.get(Column.ACCOUNTS, key);
        Hash oldStorage = oldFlat.map(StoredAccount::fromFlat)
                .map(StoredAccount::storageRoot)
                .orElse(Hash.EMPTY_TRIE);
        boolean cleared = change.storageCleared() || change.account().isEmpty();
        Map<UInt256, UInt256> newSlots = change.account().isEmpty() ? Map.of() : change.storage();
        Map<UInt256, byte[]> oldSlots = new LinkedHashMap<>();
        Hash newStorage = cleared && StoredNodes.exists(oldStorage)
                ? replaceStorage(address, newSlots, oldSlots)
                : changeStorage(address, oldStorage, newSlots, oldSlots);

        Optional<StoredAccount> now = change.account().map(account -> StoredAccount.of(account, newStorage));
        byte[] flat = now.map(StoredAccount::toFlat).orElse(NOTHING);
        byte[] old = oldFlat.orElse(NOTHING);
        if (Arrays.equals(flat, old)) {
            return;
        }
        if (now.isPresent()) {
            writes.put(Column.ACCOUNTS, key, flat);
        } else {
            writes.delete(Column.ACCOUNTS, key);
        }
        before.add(new Before(address, old, oldSlots));
        accountEntries.add(new TrieEntry(
                Keccak256.hash(key).toArray(),
                now.map(StoredAccount::toTrieValue).orElse(NOTHING)));
    }

    private Hash changeStorage(
            Address address, Hash oldRoot, Map<UInt256, UInt256> newSlots, Map<UInt256, byte[]> oldSlots) {
        List<TrieEntry> entries = new ArrayList<>(newSlots.size());
        newSlots.forEach((slot, value) -> {
            byte[] key = StateKeys.slot(address, slot);
            byte[] old =
                    StoredNodes.exists(oldRoot) ? view.get(Column.STORAGE, key).orElse(NOTHING) : NOTHING;
            byte[] now = value.trimLeadingZeros().toArrayUnsafe();
            if (!Arrays.equals(old, now)) {
                writeSlot(key, now);
                oldSlots.put(slot, old);
                entries.add(slotEntry(slot, now));
            }
        });
        Collections.sort(entries);
        return MerkleTrie.update(StoredNodes.ofStorage(view, address, writes), oldRoot, entries);
    }

    /** Drops all slots and nodes that are there, then builds the storage anew. */
    private Hash replaceStorage(Address address, Map<UInt256, UInt256> newSlots, Map<UInt256, byte[]> oldSlots) {
        byte[] prefix = address.toArray();
        try (Cursor cursor = view.seek(Column.STORAGE_TRIE, prefix)) {
            for (; cursor.isValidFor(prefix); cursor.next()) {
                writes.delete(Column.STORAGE_TRIE, cursor.key());
            }
        }
        try (Cursor cursor = view.seek(Column.STORAGE, prefix)) {
            for (; cursor.isValidFor(prefix); cursor.next()) {
                byte[] key = cursor.key();
                writes.delete(Column.STORAGE, key);
                UInt256 slot = UInt256.fromBytes(Bytes.wrap(key, Address.SIZE, StateKeys.SLOT_SIZE));
                oldSlots.put(slot, cursor.value());
            }
        }
        List<TrieEntry> entries = new ArrayList<>(newSlots.size());
        newSlots.forEach((slot, value) -> {
            byte[] now = value.trimLeadingZeros().toArrayUnsafe();
            if (now.length > 0) {
                writeSlot(StateKeys.slot(address, slot), now);
                oldSlots.putIfAbsent(slot, NOTHING);
                entries.add(slotEntry(slot, now));
            }
        });
        Collections.sort(entries);
        return MerkleTrie.update(StoredNodes.ofStorage(view, address, writes), Hash.EMPTY_TRIE, entries);
    }

    private void writeSlot(byte[] key, byte[] value) {
        if (value.length == 0) {
            writes.delete(Column.STORAGE, key);
        } else {
            writes.put(Column.STORAGE, key, value);
        }
    }

    private static TrieEntry slotEntry(UInt256 slot, byte[] value) {
        return new TrieEntry(
                Keccak256.hash(slot.toArray()).toArray(),
                value.length == 0 ? NOTHING : StoredAccount.scalar(Bytes.wrap(value)));
    }

    /** The account that a flat value stands for. */
    static Optional<Account> accountOf(byte[] flat) {
        return flat.length == 0
                ? Optional.empty()
                : Optional.of(StoredAccount.fromFlat(flat).toAccount());
    }
}
