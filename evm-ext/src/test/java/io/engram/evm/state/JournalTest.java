package io.engram.evm.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.memory.MemoryState;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class JournalTest {

    private static final int ACCOUNTS = 6;
    private static final int SLOTS = 4;

    /** The journal's meaning by copying everything at each checkpoint. */
    private static final class Model {
        final Map<Address, Account> accounts = new HashMap<>();
        final Map<Address, Map<UInt256, UInt256>> storage = new HashMap<>();
        final Map<Address, Map<UInt256, UInt256>> transients = new HashMap<>();
        final Set<Object> warm = new HashSet<>();
        final Set<Address> destroyed = new HashSet<>();
        final Set<Address> touched = new HashSet<>();
        final List<Log> logs = new ArrayList<>();
        long refund;

        Model copy() {
            Model copy = new Model();
            copy.accounts.putAll(accounts);
            storage.forEach((address, slots) -> copy.storage.put(address, new HashMap<>(slots)));
            transients.forEach((address, slots) -> copy.transients.put(address, new HashMap<>(slots)));
            copy.warm.addAll(warm);
            copy.destroyed.addAll(destroyed);
            copy.touched.addAll(touched);
            copy.logs.addAll(logs);
            copy.refund = refund;
            return copy;
        }

        Account account(Address address) {
            return accounts.getOrDefault(address, Account.EMPTY);
        }

        void commit() {
            for (Address address : destroyed) {
                accounts.remove(address);
                storage.remove(address);
            }
            for (Address address : touched) {
                if (account(address).isEmpty()) {
                    accounts.remove(address);
                    storage.remove(address);
                }
            }
            transients.clear();
            warm.clear();
            destroyed.clear();
            touched.clear();
            logs.clear();
            refund = 0;
        }
    }

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private static Address address(int i) {
        return new Address(0, 0, 0x100 + i);
    }

    private static long[] word(long value) {
        return new long[] {value, 0, 0, 0};
    }

    private MemoryState start(Model model) {
        MemoryState state = new MemoryState();
        for (int i = 0; i < ACCOUNTS / 2; i++) {
            Map<UInt256, UInt256> slots = new HashMap<>();
            for (int slot = 0; slot < SLOTS; slot++) {
                if (random.nextBoolean()) {
                    slots.put(UInt256.valueOf(slot), UInt256.valueOf(1 + random.nextInt(3)));
                }
            }
            Bytes code = random.nextBoolean() ? Bytes.of(1, i) : Bytes.EMPTY;
            state.put(address(i), 1, Wei.of(random.nextInt(100)), code, slots);
            model.accounts.put(address(i), state.account(address(i)).orElseThrow());
            model.storage.put(address(i), slots);
        }
        return state;
    }

    private void mutate(Journal journal, Model model) {
        Address address = address(random.nextInt(ACCOUNTS));
        JournalAccount account = journal.at(address);
        Account now = model.account(address);
        UInt256 key = UInt256.valueOf(random.nextInt(SLOTS));
        long value = random.nextInt(3);
        switch (random.nextInt(10)) {
            case 0 -> {
                long amount = random.nextInt(3);
                journal.addBalance(account, word(amount), 0);
                model.accounts.put(
                        address, new Account(now.nonce(), now.balance().plus(Wei.of(amount)), now.codeHash()));
                model.touched.add(address);
            }
            case 1 -> {
                long amount =
                        Math.min(random.nextInt(5), now.balance().toBigInteger().longValue());
                journal.subtractBalance(account, word(amount), 0);
                model.accounts.put(
                        address, new Account(now.nonce(), now.balance().minus(Wei.of(amount)), now.codeHash()));
                model.touched.add(address);
            }
            case 2 -> {
                journal.setNonce(account, now.nonce() + 1);
                model.accounts.put(address, new Account(now.nonce() + 1, now.balance(), now.codeHash()));
            }
            case 3 -> {
                byte[] code = value == 0 ? new byte[0] : new byte[] {9, (byte) value};
                journal.setCode(account, code);
                Hash hash = value == 0 ? Hash.EMPTY_CODE : Keccak256.hash(code);
                model.accounts.put(address, new Account(now.nonce(), now.balance(), hash));
            }
            case 4, 5 -> {
                journal.setStorage(address, key, UInt256.valueOf(value));
                model.accounts.put(address, now);
                model.storage.computeIfAbsent(address, a -> new HashMap<>()).put(key, UInt256.valueOf(value));
            }
            case 6 -> {
                long[] words = {key.toLong(), 0, 0, 0, value, 0, 0, 0};
                journal.transientStore(account, words, 0, 4);
                model.transients.computeIfAbsent(address, a -> new HashMap<>()).put(key, UInt256.valueOf(value));
            }
            case 7 -> {
                assertThat(journal.warm(account)).as("seed %d", seed).isEqualTo(!model.warm.add(address));
                int slot = journal.slot(account, word(key.toLong()), 0);
                assertThat(journal.warmSlot(account, slot))
                        .as("seed %d", seed)
                        .isEqualTo(!model.warm.add(List.of(address, key)));
            }
            case 8 -> {
                journal.addRefund(value);
                model.refund += value;
                Log log = new Log(address, List.of(), Bytes.of((int) value));
                journal.addLog(log);
                model.logs.add(log);
            }
            default -> {
                journal.destroy(account);
                model.destroyed.add(address);
            }
        }
    }

    private void compare(Journal journal, Model model) {
        assertThat(journal.refund()).as("seed %d", seed).isEqualTo(model.refund);
        assertThat(journal.logs()).as("seed %d", seed).isEqualTo(model.logs);
        for (int i = 0; i < ACCOUNTS; i++) {
            Address address = address(i);
            assertThat(journal.account(address))
                    .as("account %d, seed %d", i, seed)
                    .isEqualTo(Optional.ofNullable(model.accounts.get(address)));
            boolean any = false;
            for (int slot = 0; slot < SLOTS; slot++) {
                UInt256 key = UInt256.valueOf(slot);
                UInt256 expected = model.storage.getOrDefault(address, Map.of()).getOrDefault(key, UInt256.ZERO);
                any |= !expected.isZero();
                assertThat(journal.storage(address, key)).as("seed %d", seed).isEqualTo(expected);
                long[] words = word(slot);
                journal.transientLoad(journal.at(address), words, 0, 0);
                assertThat(Limbs.toUInt256(words, 0))
                        .as("seed %d", seed)
                        .isEqualTo(
                                model.transients.getOrDefault(address, Map.of()).getOrDefault(key, UInt256.ZERO));
            }
            if (any) {
                assertThat(journal.hasStorage(journal.at(address)))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    @Test
    void reverting_and_committing_agree_with_a_model_that_copies() {
        for (int round = 0; round < 150; round++) {
            Model model = new Model();
            MemoryState state = start(model);
            Journal journal = new Journal(state, new CodeCache(1 << 16));
            for (int transaction = 0; transaction < 4; transaction++) {
                journal.beginTransaction();
                Deque<Integer> marks = new ArrayDeque<>();
                Deque<Model> copies = new ArrayDeque<>();
                for (int step = 0; step < 60; step++) {
                    int choice = random.nextInt(10);
                    if (choice == 0) {
                        marks.push(journal.checkpoint());
                        copies.push(model.copy());
                    } else if (choice == 1 && !marks.isEmpty()) {
                        journal.revertTo(marks.pop());
                        model = copies.pop();
                        compare(journal, model);
                    } else if (choice == 2 && !marks.isEmpty()) {
                        marks.pop();
                        copies.pop();
                    } else {
                        mutate(journal, model);
                    }
                }
                journal.commitTransaction(true);
                model.commit();
                journal.beginTransaction();
                compare(journal, model);
            }
            MemoryState after = new MemoryState(state);
            after.apply(journal.changes());
            compare(new Journal(after, new CodeCache(1 << 16)), model);
        }
    }

    @Test
    void the_original_value_is_that_of_the_start_of_the_transaction() {
        MemoryState state = new MemoryState();
        state.put(address(0), 1, Wei.ZERO, Bytes.EMPTY, Map.of(UInt256.ONE, UInt256.valueOf(5)));
        Journal journal = new Journal(state, new CodeCache(1 << 16));
        JournalAccount account = journal.at(address(0));
        journal.beginTransaction();
        int slot = journal.slot(account, word(1), 0);
        journal.setSlot(account, slot, word(6), 0);
        assertThat(journal.slotWords(account)[Journal.original(slot)]).isEqualTo(5);
        journal.commitTransaction(true);
        journal.beginTransaction();
        assertThat(journal.slot(account, word(1), 0)).isEqualTo(slot);
        assertThat(journal.slotWords(account)[Journal.original(slot)]).isEqualTo(6);
    }

    @Test
    void an_account_made_anew_after_its_destruction_has_no_old_storage() {
        MemoryState state = new MemoryState();
        state.put(address(0), 1, Wei.ZERO, Bytes.of(0), Map.of(UInt256.ONE, UInt256.valueOf(5)));
        Journal journal = new Journal(state, new CodeCache(1 << 16));
        journal.beginTransaction();
        journal.destroy(journal.at(address(0)));
        journal.commitTransaction(true);
        journal.beginTransaction();
        journal.addBalance(address(0), Wei.of(1));
        assertThat(journal.storage(address(0), UInt256.ONE)).isEqualTo(UInt256.ZERO);
        journal.commitTransaction(true);

        AccountChange change = Optional.ofNullable(journal.changes().accounts().get(address(0)))
                .orElseThrow();
        assertThat(change.storageCleared()).isTrue();
        assertThat(change.account()).contains(new Account(0, Wei.of(1), Hash.EMPTY_CODE));
    }

    @Test
    void the_touch_of_the_ripemd_contract_outlives_a_revert() {
        Address ripemd = new Address(0, 0, 3);
        MemoryState state = new MemoryState();
        state.put(ripemd, 0, Wei.ZERO, Bytes.EMPTY, Map.of());
        state.put(address(0), 0, Wei.ZERO, Bytes.EMPTY, Map.of());
        Journal journal = new Journal(state, new CodeCache(1 << 16));
        journal.beginTransaction();
        int mark = journal.checkpoint();
        journal.touch(journal.at(address(0)));
        journal.touch(journal.at(ripemd));
        journal.revertTo(mark);
        journal.commitTransaction(true);
        assertThat(journal.account(ripemd)).isEmpty();
        assertThat(journal.account(address(0))).isPresent();
    }

    @Test
    void nothing_of_a_reverted_transaction_is_in_the_changes() {
        MemoryState state = new MemoryState();
        Journal journal = new Journal(state, new CodeCache(1 << 16));
        journal.beginTransaction();
        journal.addBalance(address(1), Wei.of(5));
        journal.setStorage(address(1), UInt256.ONE, UInt256.ONE);
        journal.revertTo(0);
        assertThat(journal.changes()).isEqualTo(StateChanges.NONE);
    }
}
