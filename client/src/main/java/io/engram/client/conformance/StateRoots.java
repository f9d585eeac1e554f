package io.engram.client.conformance;

import io.engram.client.trie.DiscardedNodes;
import io.engram.client.trie.MerkleTrie;
import io.engram.client.trie.TrieEntry;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.state.Account;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Roots of a state in memory and of what changes make of it; accounts that do not change are encoded once. The state
 * must not change meanwhile. Thread-safe then.
 */
public final class StateRoots {

    private final MemoryState base;
    private final Map<Address, TrieEntry> entries = new HashMap<>();

    public StateRoots(MemoryState base) {
        this.base = base;
        base.accounts()
                .forEach((address, account) -> entries.put(address, entry(address, account, base.slots(address))));
    }

    /** Root of a whole state. */
    public static Hash of(MemoryState state) {
        return new StateRoots(state).after(StateChanges.NONE);
    }

    /** Root of the state with these changes. */
    public Hash after(StateChanges changes) {
        Map<Address, TrieEntry> now = new HashMap<>(entries);
        changes.accounts().forEach((address, change) -> {
            if (change.account().isEmpty()) {
                now.remove(address);
                return;
            }
            Map<UInt256, UInt256> slots =
                    change.storageCleared() ? new HashMap<>() : new HashMap<>(base.slots(address));
            slots.putAll(change.storage());
            now.put(address, entry(address, change.account().get(), slots));
        });
        return root(new ArrayList<>(now.values()));
    }

    private static TrieEntry entry(Address address, Account account, Map<UInt256, UInt256> slots) {
        List<TrieEntry> leaves = new ArrayList<>(slots.size());
        slots.forEach((key, value) -> {
            if (!value.isZero()) {
                leaves.add(new TrieEntry(
                        Keccak256.hash(key.toArrayUnsafe()).toArray(),
                        RlpWriter.items(out -> out.scalar(value)).toArrayUnsafe()));
            }
        });
        Hash storage = root(leaves);
        return new TrieEntry(
                Keccak256.hash(address.toArray()).toArray(),
                RlpWriter.list(out -> {
                            out.scalar(account.nonce());
                            out.scalar(account.balance());
                            out.hash(storage);
                            out.hash(account.codeHash());
                        })
                        .toArrayUnsafe());
    }

    private static Hash root(List<TrieEntry> leaves) {
        Collections.sort(leaves);
        return MerkleTrie.update(DiscardedNodes.INSTANCE, Hash.EMPTY_TRIE, leaves);
    }
}
