package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.state.AccountProof;
import io.engram.client.state.RocksWorldState;
import io.engram.client.state.StagedState;
import io.engram.client.state.StateModel;
import io.engram.client.storage.Database;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocksChainStoreTest {

    private static final int READS = 50;

    @TempDir
    private Path directory;

    private record Held(StateReader reader, StateModel model, long number) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void blocks_reopenings_and_rewinds_leave_what_a_model_in_memory_says(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try {
            run(random);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private void run(RandomGenerator random) {
        List<StateModel> models = new ArrayList<>();
        StateChanges allocation = new StateModel().randomChanges(random);
        models.add(new StateModel().after(allocation));
        ExecutedBlock genesis = SampleBlocks.genesis(models.getFirst().root());
        List<ExecutedBlock> blocks = new ArrayList<>(List.of(genesis));
        List<Held> held = new ArrayList<>();

        Database database = Database.open(directory);
        try {
            RocksChainStore store = RocksChainStore.open(database, genesis, allocation, Durability.PROCESS);
            for (int round = 0; round < 120; round++) {
                int action = random.nextInt(20);
                if (action == 0) {
                    database.close();
                    database = Database.open(directory);
                    store = RocksChainStore.open(database, genesis, allocation, Durability.PROCESS);
                    held.clear();
                } else if (action == 1 && models.size() > 1) {
                    int target = Math.max(0, models.size() - 1 - random.nextInt(12));
                    store.rewind(target);
                    while (models.size() > target + 1) {
                        models.removeLast();
                        blocks.removeLast();
                    }
                    held.removeIf(reader -> reader.number() > target);
                } else {
                    StateChanges changes = models.getLast().randomChanges(random);
                    StateModel next = models.getLast().after(changes);
                    StagedState staged = store.state().stage(changes);
                    assertThat(staged.root()).isEqualTo(next.root());
                    ExecutedBlock block = SampleBlocks.next(store.head(), staged.root(), random);
                    store.append(block, staged);
                    models.add(next);
                    blocks.add(block);
                }
                long head = models.size() - 1L;
                assertThat(store.head().number()).isEqualTo(head);
                held.add(new Held(store.state().head(), models.getLast(), head));
                checkReader(held.get(random.nextInt(held.size())), random);
                long past = random.nextLong(models.size());
                checkReader(new Held(store.state().at(past).orElseThrow(), models.get((int) past), past), random);
                assertThat(store.state().at(head + 1)).isEmpty();
                checkProof(store, past, models.get((int) past), random);
            }
            StoredChainCheck.check(database, store, models.getLast().root());
            for (ExecutedBlock block : blocks) {
                assertThat(store.block(block.hash())).contains(block.block());
                assertThat(store.receipts(block.hash())).contains(block.receipts());
                assertThat(store.inferences(block.hash())).contains(block.inferences());
                assertThat(store.totalDifficulty(block.hash())).contains(block.totalDifficulty());
            }
            for (Held reader : held) {
                checkReader(reader, random);
            }
        } finally {
            database.close();
        }
    }

    private static void checkReader(Held held, RandomGenerator random) {
        for (int i = 0; i < StateModel.ADDRESSES; i++) {
            Address address = StateModel.address(i);
            assertThat(held.reader().account(address)).isEqualTo(held.model().account(address));
            assertThat(held.reader().hasStorage(address)).isEqualTo(held.model().hasStorage(address));
            UInt256 slot = StateModel.slot(random.nextInt(StateModel.SLOTS));
            assertThat(held.reader().storage(address, slot))
                    .isEqualTo(held.model().storage(address, slot));
            held.model()
                    .account(address)
                    .map(Account::codeHash)
                    .ifPresent(hash ->
                            assertThat(Keccak256.hash(held.reader().code(hash))).isEqualTo(hash));
        }
    }

    private static void checkProof(RocksChainStore store, long number, StateModel model, RandomGenerator random) {
        Address address = StateModel.address(random.nextInt(StateModel.ADDRESSES));
        List<UInt256> slots = List.of(StateModel.slot(0), StateModel.slot(random.nextInt(StateModel.SLOTS)));
        AccountProof proof = store.state().prove(address, slots, number).orElseThrow();
        Account account = model.account(address).orElse(Account.EMPTY);
        assertThat(proof.balance()).isEqualTo(account.balance());
        assertThat(proof.nonce()).isEqualTo(account.nonce());
        assertThat(proof.codeHash()).isEqualTo(account.codeHash());
        checkNodes(model.root(), proof.accountNodes());
        for (AccountProof.SlotProof slot : proof.slots()) {
            assertThat(slot.value()).isEqualTo(model.storage(address, slot.slot()));
            checkNodes(proof.storageRoot(), slot.nodes());
        }
    }

    /** Each node hashes to what its parent names, the first to the root. */
    private static void checkNodes(Hash root, List<Bytes> nodes) {
        String named = root.toHex();
        for (Bytes node : nodes) {
            assertThat(named).contains(Keccak256.hash(node).toBytes().toUnprefixedHexString());
            named = node.toUnprefixedHexString();
        }
        assertThat(nodes.isEmpty()).isEqualTo(root.equals(Hash.EMPTY_TRIE));
    }

    @Test
    void readers_in_other_threads_never_see_half_a_block_or_another_one() throws Exception {
        // Every block sets all accounts to balance = slot value = its number.
        try (Database database = Database.open(directory);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            StateChanges allocation = uniform(0);
            ExecutedBlock genesis = SampleBlocks.genesis(RocksWorldState.rootOf(allocation));
            RocksChainStore store = RocksChainStore.open(database, genesis, allocation, Durability.PROCESS);
            AtomicBoolean done = new AtomicBoolean();
            List<Future<Long>> readers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                readers.add(threads.submit(() -> readUntil(done, store.state())));
            }
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(5);
            for (int i = 0; i < 900; i++) {
                if (i % 3 == 2 && store.head().number() > 3) {
                    // The blocks that are undone come again with the same states, so that no reader fails.
                    store.rewind(store.head().number() - 2);
                }
                StagedState staged = store.state().stage(uniform(store.head().number() + 1));
                store.append(SampleBlocks.next(store.head(), staged.root(), random), staged);
            }
            done.set(true);
            long reads = 0;
            for (Future<Long> reader : readers) {
                reads += reader.get();
            }
            assertThat(reads).isPositive();
        }
    }

    private static long readUntil(AtomicBoolean done, RocksWorldState state) {
        long reads = 0;
        while (!done.get()) {
            // Now the head, now the block that the next rewind goes back to, taking away all history above it.
            long past = Math.max(0, state.number() - 2);
            boolean isPast = reads / READS % 2 == 1;
            StateReader reader = isPast ? state.at(past).orElseThrow() : state.head();
            long expected = isPast ? past : -1;
            try {
                for (int i = 0; i < READS; i++) {
                    Address address = StateModel.address(i % StateModel.ADDRESSES);
                    long seen = reader.account(address)
                            .orElseThrow()
                            .balance()
                            .value()
                            .toLong();
                    expected = expected == -1 ? seen : expected;
                    long slot = reader.storage(address, UInt256.ONE).toLong();
                    // By hand, as the reads must follow each other closely to hit the writer's instants.
                    if (seen != expected || slot != expected) {
                        throw new AssertionError("account " + seen + ", slot " + slot + ", expected " + expected);
                    }
                    reads++;
                }
            } catch (DatabaseException e) {
                // The reader's block is undone at the moment; saying so is right, a wrong answer would not be.
                assertThat(e).hasMessageContaining("was undone");
            }
        }
        return reads;
    }

    @Test
    void a_reader_of_the_block_that_a_rewind_goes_back_to_never_sees_what_was_undone() throws Exception {
        try (Database database = Database.open(directory);
                ExecutorService threads = Executors.newFixedThreadPool(1)) {
            RocksChainStore store = chainOf(database, 1);
            StateReader reader = store.state().head();
            AtomicBoolean done = new AtomicBoolean();
            Future<Long> wrong = threads.submit(() -> {
                Address address = StateModel.address(0);
                long count = 0;
                while (!done.get()) {
                    count += reader.storage(address, UInt256.ONE).toLong() == 1 ? 0 : 1;
                }
                return count;
            });
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(8);
            for (int i = 0; i < 1500; i++) {
                StagedState staged = store.state().stage(uniform(2));
                store.append(SampleBlocks.next(store.head(), staged.root(), random), staged);
                store.rewind(1);
            }
            done.set(true);
            assertThat(wrong.get()).isZero();
        }
    }

    private static StateChanges uniform(long number) {
        Map<Address, AccountChange> accounts = new java.util.HashMap<>();
        for (int i = 0; i < StateModel.ADDRESSES; i++) {
            Account account = new Account(1, Wei.of(number), Hash.EMPTY_CODE);
            Map<UInt256, UInt256> storage = Map.of(UInt256.ONE, UInt256.valueOf(number));
            accounts.put(StateModel.address(i), new AccountChange(Optional.of(account), false, storage));
        }
        return new StateChanges(accounts, Map.of());
    }

    @Test
    void a_reader_of_an_undone_block_says_so() {
        try (Database database = Database.open(directory)) {
            RocksChainStore store = chainOf(database, 3);
            StateReader kept = store.state().at(1).orElseThrow();
            StateReader undone = store.state().head();
            store.rewind(1);
            assertThat(kept.account(StateModel.address(0)).orElseThrow().balance())
                    .isEqualTo(Wei.of(1));
            assertThatThrownBy(() -> undone.account(StateModel.address(0)))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessage("block 3 was undone; its state can no longer be read");
        }
    }

    @Test
    void another_genesis_is_refused_with_both_hashes() {
        try (Database database = Database.open(directory)) {
            RocksChainStore store = chainOf(database, 1);
            Hash first = store.canonicalHash(0).orElseThrow();
            StateChanges other = uniform(77);
            ExecutedBlock genesis = SampleBlocks.genesis(RocksWorldState.rootOf(other));
            assertThatThrownBy(() -> RocksChainStore.open(database, genesis, other))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining(first.toHex())
                    .hasMessageContaining(genesis.hash().toHex());
        }
    }

    @Test
    void a_block_that_does_not_fit_is_refused_and_leaves_nothing() {
        try (Database database = Database.open(directory)) {
            RocksChainStore store = chainOf(database, 2);
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(1);
            ChainStore.Head head = store.head();
            StagedState staged = store.state().stage(uniform(3));
            ExecutedBlock wrongRoot = SampleBlocks.next(head, SampleBlocks.hash(random), random);
            assertThatThrownBy(() -> store.append(wrongRoot, staged))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("state root");
            ChainStore.Head elsewhere =
                    new ChainStore.Head(SampleBlocks.hash(random), head.header(), head.totalDifficulty());
            assertThatThrownBy(() -> store.append(SampleBlocks.next(elsewhere, staged.root(), random), staged))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not follow");
            store.append(SampleBlocks.next(head, staged.root(), random), staged);
            assertThatThrownBy(() -> store.append(SampleBlocks.next(store.head(), staged.root(), random), staged))
                    .isInstanceOf(IllegalStateException.class);
            StoredChainCheck.check(database, store, staged.root());
        }
    }

    @Test
    void a_genesis_header_with_another_state_root_is_refused() {
        try (Database database = Database.open(directory)) {
            ExecutedBlock genesis = SampleBlocks.genesis(Hash.EMPTY_TRIE);
            assertThatThrownBy(() -> RocksChainStore.open(database, genesis, uniform(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("state root");
            assertThat(RocksChainStore.genesisHash(database)).isEmpty();
        }
    }

    @Test
    void proofs_reach_back_a_limited_number_of_blocks() {
        try (Database database = Database.open(directory)) {
            RocksChainStore store = chainOf(database, RocksWorldState.MAX_PROOF_DISTANCE + 2);
            Address address = StateModel.address(1);
            assertThat(store.state().prove(address, List.of(), 1)).isEmpty();
            assertThat(store.state().prove(address, List.of(), 2).orElseThrow().balance())
                    .isEqualTo(Wei.of(2));
            assertThat(store.state().prove(address, List.of(), store.head().number() + 1))
                    .isEmpty();
        }
    }

    @Test
    void a_rewind_longer_than_one_step_reaches_its_target() {
        try (Database database = Database.open(directory)) {
            RocksChainStore store = chainOf(database, RocksChainStore.MAX_REWIND_STEP + 40);
            store.rewind(5);
            assertThat(store.head().number()).isEqualTo(5);
            StoredChainCheck.check(database, store, RocksWorldState.rootOf(uniform(5)));
            assertThatThrownBy(() -> store.rewind(6)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static RocksChainStore chainOf(Database database, int blocks) {
        StateChanges allocation = uniform(0);
        ExecutedBlock genesis = SampleBlocks.genesis(RocksWorldState.rootOf(allocation));
        RocksChainStore store = RocksChainStore.open(database, genesis, allocation, Durability.PROCESS);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(blocks);
        for (int number = 1; number <= blocks; number++) {
            StagedState staged = store.state().stage(uniform(number));
            store.append(SampleBlocks.next(store.head(), staged.root(), random), staged);
        }
        return store;
    }
}
