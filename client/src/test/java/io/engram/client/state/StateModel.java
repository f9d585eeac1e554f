package io.engram.client.state;

import io.engram.client.trie.NaiveTrie;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** A state as plain maps, with random changes to it and its root by the slow trie: the oracle of the world state. */
public final class StateModel {

    /** Few, so that blocks hit the same accounts and slots again and again. */
    public static final int ADDRESSES = 14;

    public static final int SLOTS = 12;

    private final Map<Address, Account> accounts;
    private final Map<Address, Map<UInt256, UInt256>> storage;

    public StateModel() {
        this(new TreeMap<>(), new TreeMap<>());
    }

    private StateModel(Map<Address, Account> accounts, Map<Address, Map<UInt256, UInt256>> storage) {
        this.accounts = accounts;
        this.storage = storage;
    }

    public Map<Address, Account> accounts() {
        return accounts;
    }

    public static Address address(int index) {
        return new Address(index % 3, index * 0x0101010101010101L, index);
    }

    /** Small numbers and hash-like ones, as contracts use them. */
    public static UInt256 slot(int index) {
        return index < SLOTS / 2 ? UInt256.valueOf(index) : UInt256.MAX_VALUE.subtract(index);
    }

    public Optional<Account> account(Address address) {
        return Optional.ofNullable(accounts.get(address));
    }

    public UInt256 storage(Address address, UInt256 slot) {
        return storage.getOrDefault(address, Map.of()).getOrDefault(slot, UInt256.ZERO);
    }

    public boolean hasStorage(Address address) {
        return !storage.getOrDefault(address, Map.of()).isEmpty();
    }

    /** The model after the changes; this one stays. */
    public StateModel after(StateChanges changes) {
        Map<Address, Account> newAccounts = new TreeMap<>(accounts);
        Map<Address, Map<UInt256, UInt256>> newStorage = new TreeMap<>(storage);
        changes.accounts().forEach((address, change) -> {
            Map<UInt256, UInt256> slots = new HashMap<>(newStorage.getOrDefault(address, Map.of()));
            if (change.storageCleared() || change.account().isEmpty()) {
                slots.clear();
            }
            change.account()
                    .ifPresentOrElse(
                            account -> {
                                newAccounts.put(address, account);
                                slots.putAll(change.storage());
                            },
                            () -> newAccounts.remove(address));
            slots.values().removeIf(UInt256::isZero);
            newStorage.put(address, slots);
        });
        return new StateModel(newAccounts, newStorage);
    }

    public StateChanges randomChanges(RandomGenerator random) {
        Map<Address, AccountChange> changes = new LinkedHashMap<>();
        Map<Hash, Bytes> code = new LinkedHashMap<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Address address = address(random.nextInt(ADDRESSES));
            int kind = random.nextInt(10);
            if (kind == 0) {
                changes.put(address, new AccountChange(Optional.empty(), random.nextBoolean(), Map.of()));
                continue;
            }
            Account old = accounts.getOrDefault(address, Account.EMPTY);
            Hash codeHash = old.codeHash();
            if (kind == 1) {
                Bytes deployed = Bytes.wrap(new byte[] {0x60, (byte) random.nextInt(4)});
                codeHash = Keccak256.hash(deployed);
                code.put(codeHash, deployed);
            }
            boolean touchOnly = kind == 2 && accounts.containsKey(address);
            Account account = touchOnly
                    ? old
                    : new Account(
                            random.nextInt(20) == 0 ? -1L : old.nonce() + random.nextInt(2),
                            random.nextInt(20) == 0 ? Wei.of(UInt256.MAX_VALUE) : Wei.of(random.nextInt(1000)),
                            codeHash);
            Map<UInt256, UInt256> slots = new LinkedHashMap<>();
            int slotCount = touchOnly ? 0 : random.nextInt(6);
            for (int s = 0; s < slotCount; s++) {
                UInt256 slot = slot(random.nextInt(SLOTS));
                slots.put(
                        slot,
                        switch (random.nextInt(4)) {
                            case 0 -> UInt256.ZERO;
                            case 1 -> storage(address, slot);
                            case 2 -> UInt256.MAX_VALUE.subtract(random.nextInt(3));
                            default -> UInt256.valueOf(random.nextInt(300));
                        });
            }
            changes.put(address, new AccountChange(Optional.of(account), kind == 3, slots));
        }
        return new StateChanges(changes, code);
    }

    /** The state root, and into the maps every node that has to be stored, keyed as in the database. */
    public Hash root(Map<Bytes, Bytes> accountNodes, Map<Bytes, Bytes> storageNodes) {
        Map<Bytes, Bytes> content = new HashMap<>();
        accounts.forEach((address, account) -> {
            Map<Bytes, Bytes> slots = new HashMap<>();
            storage.getOrDefault(address, Map.of())
                    .forEach((slot, value) -> slots.put(
                            Keccak256.hash(slot.toBytes()).toBytes(), NaiveTrie.string(value.trimLeadingZeros())));
            NaiveTrie storageTrie = new NaiveTrie();
            Hash storageRoot = storageTrie.compute(slots);
            storageTrie
                    .nodes()
                    .forEach((path, node) -> storageNodes.put(Bytes.concatenate(address.toBytes(), path), node));
            content.put(
                    Keccak256.hash(address.toBytes()).toBytes(),
                    NaiveTrie.list(List.of(
                            NaiveTrie.string(Bytes.minimalBytes(account.nonce())),
                            NaiveTrie.string(account.balance().value().trimLeadingZeros()),
                            NaiveTrie.string(storageRoot.toBytes()),
                            NaiveTrie.string(account.codeHash().toBytes()))));
        });
        NaiveTrie trie = new NaiveTrie();
        Hash root = trie.compute(content);
        accountNodes.putAll(trie.nodes());
        return root;
    }

    public Hash root() {
        return root(new HashMap<>(), new HashMap<>());
    }
}
