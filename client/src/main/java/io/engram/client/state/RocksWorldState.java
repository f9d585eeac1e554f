package io.engram.client.state;

import io.engram.client.storage.Batch;
import io.engram.client.storage.Column;
import io.engram.client.storage.Cursor;
import io.engram.client.storage.Database;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.client.storage.Snapshot;
import io.engram.client.storage.View;
import io.engram.client.trie.MerkleProof;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The world state in the database: flat values and tries of the head, and for every block what its changes replaced.
 * Thread-safe for readers; {@link #commit} and {@link #commitRewind} are for one writer at a time, the chain store.
 *
 * <p>A reader at block N takes the flat value and then asks the history for the first change after N; what it finds
 * there counts. In this order a block that is appended in between cannot mislead it: if the flat value is already the new
 * one, the history entry is there too, as one batch wrote both.
 */
public final class RocksWorldState implements WorldState {

    /** How many blocks below the head a proof can be asked for: its trie is computed by undoing them in memory. */
    public static final int MAX_PROOF_DISTANCE = 128;

    /** How many accounts and slots may differ between the head and the block of a proof. */
    public static final int MAX_PROOF_CHANGES = 200_000;

    private static final byte[] NOTHING = new byte[0];

    private final Database database;

    /** Held exclusively while a rewind is written, as then, unlike on an append, history entries disappear. */
    private final StampedLock rewinding = new StampedLock();

    private volatile StateHead head;

    /** Number of the newest block whose batch may have been written; raised before the batch is. */
    private volatile long newest;

    private final AtomicLong rewinds = new AtomicLong();

    public RocksWorldState(Database database) {
        this.database = database;
        this.head = StateHead.read(database);
        this.newest = head.number();
    }

    /** Root of the state that consists of these changes alone, for the header of a genesis block. */
    public static Hash rootOf(StateChanges changes) {
        return StateTransition.compute(EmptyView.INSTANCE, Hash.EMPTY_TRIE, changes)
                .root();
    }

    /** Number of the block whose state this is; −1 before genesis. */
    public long number() {
        return head.number();
    }

    /** @throws DatabaseException unless the root node is there and hashes to the root */
    public void checkRootNode() {
        Hash root = head.root();
        if (root.equals(Hash.EMPTY_TRIE)) {
            return;
        }
        byte[] node = StoredNodes.ofAccounts(database, new StateWrites()).load(NOTHING, 0);
        if (!Keccak256.hash(node).equals(root)) {
            throw new DatabaseException("the root of the state trie does not hash to " + root);
        }
    }

    @Override
    public StateReader head() {
        long seen = rewinds.get();
        return new RocksStateReader(this, head, seen);
    }

    @Override
    public Optional<StateReader> at(long blockNumber) {
        long seen = rewinds.get();
        StateHead now = head;
        if (blockNumber == now.number()) {
            return Optional.of(new RocksStateReader(this, now, seen));
        }
        if (blockNumber < 0 || blockNumber > now.number()) {
            return Optional.empty();
        }
        return ChangeList.readRoot(database, blockNumber)
                .map(root -> new RocksStateReader(this, new StateHead(blockNumber, root), seen));
    }

    @Override
    public Hash root() {
        return head.root();
    }

    @Override
    public StagedState stage(StateChanges changes) {
        try (Snapshot snapshot = database.snapshot()) {
            StateHead base = StateHead.read(snapshot);
            StateTransition transition = StateTransition.compute(snapshot, base.root(), changes);
            StateHead next = new StateHead(base.number() + 1, transition.root());
            StateWrites writes = transition.writes();
            Map<Address, List<UInt256>> slots = new LinkedHashMap<>();
            // Before genesis there was nothing that anybody could ask for.
            if (next.number() > 0) {
                for (StateTransition.Before old : transition.before()) {
                    recordHistory(writes, old, next.number());
                    slots.put(old.address(), List.copyOf(old.slots().keySet()));
                }
            }
            byte[] list = new ChangeList(next.root(), slots).encode();
            writes.put(Column.CHANGES, StateKeys.block(next.number()), list);
            next.writeTo(writes);
            return new RocksStagedState(base, next, writes);
        }
    }

    private static void recordHistory(StateWrites writes, StateTransition.Before old, long number) {
        byte[] key = StateKeys.account(old.address());
        writes.put(Column.ACCOUNT_HISTORY, StateKeys.history(key, number), old.account());
        old.slots().forEach((slot, value) -> {
            byte[] slotKey = StateKeys.slot(old.address(), slot);
            writes.put(Column.STORAGE_HISTORY, StateKeys.history(slotKey, number), value);
        });
    }

    /**
     * Writes {@code batch} together with the staged state, which becomes the head.
     *
     * @throws IllegalStateException when the head is no longer the one that {@code staged} was staged on
     */
    public void commit(Batch batch, StagedState staged, Durability durability) {
        if (!(staged instanceof RocksStagedState state)) {
            throw new IllegalArgumentException("the state was staged by another world state: " + staged);
        }
        if (!state.base().equals(head)) {
            throw new IllegalStateException("staged on block " + state.base().number() + " with root "
                    + state.base().root() + ", but the head is " + head);
        }
        state.writes().addTo(batch);
        newest = state.next().number();
        batch.commit(durability);
        head = state.next();
    }

    /**
     * Computes the way back to the state after the block of this number.
     *
     * @throws IllegalArgumentException unless the block is below the head
     * @throws DatabaseException when the state that comes out has not the root that the block left
     */
    public StagedRewind stageRewind(long blockNumber) {
        try (Snapshot snapshot = database.snapshot()) {
            StateHead from = StateHead.read(snapshot);
            if (blockNumber < 0 || blockNumber >= from.number()) {
                throw new IllegalArgumentException("cannot rewind from block " + from.number() + " to " + blockNumber);
            }
            Map<Address, Set<UInt256>> keys = changedAfter(snapshot, blockNumber, from.number(), Integer.MAX_VALUE)
                    .orElseThrow();
            StateTransition transition = undo(snapshot, from, blockNumber, keys);
            StateWrites writes = transition.writes();
            for (long number = blockNumber + 1; number <= from.number(); number++) {
                removeHistory(writes, changeList(snapshot, number), number);
            }
            StateHead to = new StateHead(blockNumber, transition.root());
            to.writeTo(writes);
            return new StagedRewind(from, to, writes);
        }
    }

    private static void removeHistory(StateWrites writes, ChangeList list, long number) {
        list.slots().forEach((address, slots) -> {
            byte[] key = StateKeys.account(address);
            writes.delete(Column.ACCOUNT_HISTORY, StateKeys.history(key, number));
            for (UInt256 slot : slots) {
                byte[] slotKey = StateKeys.slot(address, slot);
                writes.delete(Column.STORAGE_HISTORY, StateKeys.history(slotKey, number));
            }
        });
        writes.delete(Column.CHANGES, StateKeys.block(number));
    }

    /**
     * Writes {@code batch} together with the rewind. Readers of blocks that are undone fail from now on.
     *
     * @throws IllegalStateException when the head is no longer the one that the rewind starts from
     */
    public void commitRewind(Batch batch, StagedRewind rewind, Durability durability) {
        if (!rewind.from().equals(head)) {
            throw new IllegalStateException("the rewind starts from " + rewind.from() + ", but the head is " + head);
        }
        rewind.writes().addTo(batch);
        long stamp = rewinding.writeLock();
        try {
            batch.commit(durability);
            head = rewind.to();
            newest = rewind.to().number();
            rewinds.incrementAndGet();
        } finally {
            rewinding.unlockWrite(stamp);
        }
    }

    @Override
    public Optional<AccountProof> prove(Address address, List<UInt256> slots, long blockNumber) {
        try (Snapshot snapshot = database.snapshot()) {
            StateHead now = StateHead.read(snapshot);
            if (blockNumber < 0 || blockNumber > now.number() || now.number() - blockNumber > MAX_PROOF_DISTANCE) {
                return Optional.empty();
            }
            if (blockNumber == now.number()) {
                return Optional.of(prove(snapshot, new StateWrites(), now.root(), address, slots));
            }
            return changedAfter(snapshot, blockNumber, now.number(), MAX_PROOF_CHANGES)
                    .map(keys -> undo(snapshot, now, blockNumber, keys))
                    .map(past -> prove(snapshot, past.writes(), past.root(), address, slots));
        }
    }

    private static AccountProof prove(
            View view, StateWrites unwritten, Hash root, Address address, List<UInt256> slots) {
        byte[] key = StateKeys.account(address);
        StoredNodes accountNodes = StoredNodes.ofAccounts(view, unwritten).under(unwritten);
        MerkleProof proof =
                MerkleProof.of(accountNodes, root, Keccak256.hash(key).toArray());
        Optional<byte[]> flat = unwritten.result(Column.ACCOUNTS).getOrDefault(Bytes.wrap(key), Optional.empty());
        if (flat.isEmpty() && proof.value().isPresent()) {
            flat = view.get(Column.ACCOUNTS, key);
        }
        StoredAccount account = proof.value().isEmpty()
                ? new StoredAccount(0, Wei.ZERO, Hash.EMPTY_CODE, Hash.EMPTY_TRIE)
                : flat.map(StoredAccount::fromFlat)
                        .orElseThrow(() -> new DatabaseException("the flat state lacks account " + address));
        if (proof.value().isPresent() && !proof.value().get().equals(Bytes.wrap(account.toTrieValue()))) {
            throw new DatabaseException("trie and flat state differ at account " + address);
        }
        StoredNodes storageNodes =
                StoredNodes.ofStorage(view, address, unwritten).under(unwritten);
        List<AccountProof.SlotProof> slotProofs = new ArrayList<>(slots.size());
        for (UInt256 slot : slots) {
            byte[] hashed = Keccak256.hash(slot.toArray()).toArray();
            MerkleProof slotProof = MerkleProof.of(storageNodes, account.storageRoot(), hashed);
            UInt256 value = slotProof.value().map(RocksWorldState::scalarOf).orElse(UInt256.ZERO);
            slotProofs.add(new AccountProof.SlotProof(slot, value, slotProof.nodes()));
        }
        return new AccountProof(
                address,
                account.nonce(),
                account.balance(),
                account.codeHash(),
                account.storageRoot(),
                proof.nodes(),
                slotProofs);
    }

    /** The integer that {@link StoredAccount#scalar} encodes. */
    private static UInt256 scalarOf(Bytes rlp) {
        return UInt256.fromBytes(rlp.size() == 1 && (rlp.get(0) & 0xff) < 0x80 ? rlp : rlp.slice(1));
    }

    /** Accounts and slots changed by the blocks after {@code target}; absent when they are more than {@code limit}. */
    private static Optional<Map<Address, Set<UInt256>>> changedAfter(View view, long target, long last, int limit) {
        Map<Address, Set<UInt256>> keys = new HashMap<>();
        int count = 0;
        for (long number = last; number > target; number--) {
            for (Map.Entry<Address, List<UInt256>> entry :
                    changeList(view, number).slots().entrySet()) {
                keys.computeIfAbsent(entry.getKey(), address -> new LinkedHashSet<>())
                        .addAll(entry.getValue());
                count += 1 + entry.getValue().size();
                if (count > limit) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(keys);
    }

    private static ChangeList changeList(View view, long number) {
        return ChangeList.read(view, number)
                .orElseThrow(() -> new DatabaseException("the database lacks the change list of block " + number));
    }

    /** The step from the head back to {@code target}, checked against the root that the block left. */
    private static StateTransition undo(View view, StateHead from, long target, Map<Address, Set<UInt256>> keys) {
        Map<Address, AccountChange> accounts = new HashMap<>();
        keys.forEach((address, slots) -> {
            byte[] key = StateKeys.account(address);
            byte[] flat = lookUp(view, Column.ACCOUNTS, Column.ACCOUNT_HISTORY, key, target);
            Map<UInt256, UInt256> storage = new HashMap<>();
            for (UInt256 slot : slots) {
                byte[] slotKey = StateKeys.slot(address, slot);
                byte[] value = lookUp(view, Column.STORAGE, Column.STORAGE_HISTORY, slotKey, target);
                storage.put(slot, UInt256.fromBytes(Bytes.wrap(value)));
            }
            accounts.put(address, new AccountChange(StateTransition.accountOf(flat), false, storage));
        });
        StateTransition transition = StateTransition.compute(view, from.root(), new StateChanges(accounts, Map.of()));
        Hash expected = changeList(view, target).root();
        if (!transition.root().equals(expected)) {
            throw new DatabaseException("undoing blocks " + from.number() + " to " + (target + 1) + " gives state root "
                    + transition.root() + " in place of " + expected + ": the database is damaged");
        }
        return transition;
    }

    /** The value of a key after the reader's block; empty when there is none. */
    byte[] valueAt(RocksStateReader reader, Column flat, Column history, byte[] key) {
        long stamp = rewinding.tryOptimisticRead();
        if (stamp != 0) {
            byte[] value = valueNow(reader, flat, history, key);
            if (rewinding.validate(stamp)) {
                return value;
            }
        }
        stamp = rewinding.readLock();
        try {
            return valueNow(reader, flat, history, key);
        } finally {
            rewinding.unlockRead(stamp);
        }
    }

    private byte[] valueNow(RocksStateReader reader, Column flat, Column history, byte[] key) {
        long number = reader.block().number();
        long rewindsNow = rewinds.get();
        if (reader.rewinds() != rewindsNow) {
            confirm(reader, rewindsNow);
        }
        byte[] value = database.get(flat, key).orElse(NOTHING);
        // Read after the flat value: see the class comment.
        if (newest == number) {
            return value;
        }
        return changedLater(database, history, key, number).orElse(value);
    }

    /** Equal roots are equal states, so a block that was undone and came again with the same root will do. */
    private void confirm(RocksStateReader reader, long rewindsNow) {
        StateHead block = reader.block();
        boolean there = block.number() < 0
                || ChangeList.readRoot(database, block.number())
                        .map(block.root()::equals)
                        .orElse(false);
        if (!there) {
            throw new DatabaseException("block " + block.number() + " was undone; its state can no longer be read");
        }
        reader.confirmed(rewindsNow);
    }

    private static byte[] lookUp(View view, Column flat, Column history, byte[] key, long number) {
        byte[] value = view.get(flat, key).orElse(NOTHING);
        return changedLater(view, history, key, number).orElse(value);
    }

    /** What the key held before its first change after block {@code number}; absent when nothing changed it since. */
    private static Optional<byte[]> changedLater(View view, Column history, byte[] key, long number) {
        try (Cursor cursor = view.seek(history, StateKeys.history(key, number + 1))) {
            return cursor.isValidFor(key) ? Optional.of(cursor.value()) : Optional.empty();
        }
    }

    Bytes code(Hash codeHash) {
        if (codeHash.equals(Hash.EMPTY_CODE)) {
            return Bytes.EMPTY;
        }
        return database.get(Column.CODE, codeHash.toArray())
                .map(Bytes::wrap)
                .orElseThrow(() -> new DatabaseException("the database lacks the code with hash " + codeHash));
    }
}
