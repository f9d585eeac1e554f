package io.engram.evm.statetest;

import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.rlp.RlpWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** A whole state in maps. */
public final class MemoryState implements StateReader {

    private final Map<Address, Account> accounts = new TreeMap<>();
    private final Map<Address, Map<UInt256, UInt256>> storage = new HashMap<>();
    private final Map<Hash, Bytes> codes = new HashMap<>();

    public MemoryState() {}

    public MemoryState(MemoryState other) {
        accounts.putAll(other.accounts);
        other.storage.forEach((address, slots) -> storage.put(address, new HashMap<>(slots)));
        codes.putAll(other.codes);
    }

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

    public Hash root() {
        Map<Bytes, Bytes> entries = new HashMap<>();
        accounts.forEach((address, account) -> {
            Map<Bytes, Bytes> slots = new HashMap<>();
            storage.getOrDefault(address, Map.of())
                    .forEach((key, value) -> slots.put(key, RlpWriter.items(out -> out.scalar(value))));
            Hash root = TrieRoot.of(slots);
            entries.put(address.toBytes(), RlpWriter.list(out -> {
                out.scalar(account.nonce());
                out.scalar(account.balance());
                out.hash(root);
                out.hash(account.codeHash());
            }));
        });
        return TrieRoot.of(entries);
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
        Bytes code = codes.get(codeHash);
        if (code == null) {
            throw new IllegalArgumentException("no code " + codeHash);
        }
        return code;
    }

    /** One line for each account that differs. */
    public String difference(MemoryState expected) {
        StringBuilder text = new StringBuilder();
        TreeMap<Address, Account> all = new TreeMap<>(accounts);
        all.putAll(expected.accounts);
        for (Address address : all.keySet()) {
            Account mine = accounts.get(address);
            Account theirs = expected.accounts.get(address);
            if (!java.util.Objects.equals(mine, theirs)) {
                text.append(address)
                        .append(" is ")
                        .append(mine)
                        .append(", expected ")
                        .append(theirs)
                        .append('\n');
            }
            Map<UInt256, UInt256> mySlots = storage.getOrDefault(address, Map.of());
            Map<UInt256, UInt256> theirSlots = expected.storage.getOrDefault(address, Map.of());
            if (!mySlots.equals(theirSlots)) {
                text.append(address)
                        .append(" storage ")
                        .append(mySlots)
                        .append(", expected ")
                        .append(theirSlots)
                        .append('\n');
            }
        }
        return text.toString();
    }
}
