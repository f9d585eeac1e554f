package io.engram.evm.memory;

import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.jspecify.annotations.Nullable;

/** A whole state in maps. Not thread-safe while it changes. */
public final class MemoryState implements StateReader {

    private final SortedMap<Address, Account> accounts = new TreeMap<>();
    private final Map<Address, Map<UInt256, UInt256>> storage = new HashMap<>();
    private final Map<Hash, Bytes> codes = new HashMap<>();

    public MemoryState() {}

    public MemoryState(MemoryState other) {
        accounts.putAll(other.accounts);
        other.storage.forEach((address, slots) -> storage.put(address, new HashMap<>(slots)));
        codes.putAll(other.codes);
    }

    /** Puts an account in place of the one that may be there; slots of value zero are left out. */
    public void put(Address address, long nonce, Wei balance, Bytes code, Map<UInt256, UInt256> slots) {
        Hash hash = code.isEmpty() ? Hash.EMPTY_CODE : Keccak256.hash(code);
        codes.put(hash, code);
        accounts.put(address, new Account(nonce, balance, hash));
        Map<UInt256, UInt256> kept = new HashMap<>();
        slots.forEach((key, value) -> {
            if (!value.isZero()) {
                kept.put(key, value);
            }
        });
        storage.put(address, kept);
    }

    public void apply(StateChanges changes) {
        codes.putAll(changes.code());
        changes.accounts().forEach(this::apply);
    }

    private void apply(Address address, AccountChange change) {
        if (change.account().isEmpty()) {
            accounts.remove(address);
            storage.remove(address);
            return;
        }
        accounts.put(address, change.account().get());
        Map<UInt256, UInt256> slots = storage.computeIfAbsent(address, a -> new HashMap<>());
        if (change.storageCleared()) {
            slots.clear();
        }
        change.storage().forEach((key, value) -> {
            if (value.isZero()) {
                slots.remove(key);
            } else {
                slots.put(key, value);
            }
        });
    }

    /** Every account, by address. */
    public SortedMap<Address, Account> accounts() {
        return Collections.unmodifiableSortedMap(accounts);
    }

    /** The slots of an account that are not zero. */
    public Map<UInt256, UInt256> slots(Address address) {
        return Collections.unmodifiableMap(storage.getOrDefault(address, Map.of()));
    }

    @Override
    public Optional<Account> account(Address address) {
        return Optional.ofNullable(accounts.get(address));
    }

    @Override
    public UInt256 storage(Address address, UInt256 slot) {
        return storage.getOrDefault(address, Map.of()).getOrDefault(slot, UInt256.ZERO);
    }

    @Override
    public boolean hasStorage(Address address) {
        return !storage.getOrDefault(address, Map.of()).isEmpty();
    }

    @Override
    public Bytes code(Hash codeHash) {
        Bytes code = codeHash.equals(Hash.EMPTY_CODE) ? Bytes.EMPTY : codes.get(codeHash);
        if (code == null) {
            throw new IllegalArgumentException("no code " + codeHash);
        }
        return code;
    }

    /** One line for each account that differs; empty when none does. */
    public String difference(MemoryState expected) {
        StringBuilder text = new StringBuilder();
        SortedMap<Address, Account> all = new TreeMap<>(accounts);
        all.putAll(expected.accounts);
        for (Address address : all.keySet()) {
            compare(text, address.toString(), accounts.get(address), expected.accounts.get(address));
            compare(text, address + " storage", slots(address), expected.slots(address));
        }
        return text.toString();
    }

    private static void compare(StringBuilder text, String what, @Nullable Object mine, @Nullable Object theirs) {
        if (!Objects.equals(mine, theirs)) {
            text.append(what)
                    .append(" is ")
                    .append(mine)
                    .append(", expected ")
                    .append(theirs)
                    .append('\n');
        }
    }
}
