package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.pool.PoolLimits;
import io.engram.client.state.RocksWorldState;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.Difficulty;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Branches of empty blocks under Homestead: each block gives its maker five ether. */
class BranchChoiceTest {

    private static final Address ALICE = Address.fromHex("0x000000000000000000000000000000000000a11c");
    private static final Address BOB = Address.fromHex("0x0000000000000000000000000000000000000b0b");
    private static final long GAS_LIMIT = 5_000_000;
    private static final Bytes NONCE = Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Database database;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ChainAssembly parts;

    private final List<ChainEvent> events = new ArrayList<>();

    /** A block, and how many blocks each account has made up to it. */
    private record Made(Block block, Map<Address, Integer> makers) {
        Hash hash() {
            return HeaderHasher.KECCAK.hash(block.header());
        }
    }

    private static Made genesis() {
        return new Made(block(Hash.ZERO, 0, 0, UInt256.valueOf(1_000_000), ALICE, Map.of()), Map.of());
    }

    private static StateChanges state(Map<Address, Integer> makers) {
        Map<Address, AccountChange> accounts = new HashMap<>();
        makers.forEach((address, blocks) -> accounts.put(
                address,
                new AccountChange(
                        Optional.of(new Account(0, Wei.ofEther(5L * blocks), Hash.EMPTY_CODE)), false, Map.of())));
        return new StateChanges(accounts, Map.of());
    }

    private static Block block(
            Hash parent, long number, long time, UInt256 difficulty, Address maker, Map<Address, Integer> makers) {
        BlockHeader header = new BlockHeader(
                parent,
                Hash.EMPTY_LIST,
                maker,
                RocksWorldState.rootOf(state(makers)),
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                difficulty,
                number,
                GAS_LIMIT,
                0,
                time,
                Bytes.EMPTY,
                Hash.ZERO,
                NONCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Block(header, new BlockBody(List.of(), List.of(), Optional.empty()));
    }

    /** The block that {@code maker} makes {@code seconds} after its parent. */
    private static Made next(Made parent, Address maker, long seconds) {
        Map<Address, Integer> makers = new HashMap<>(parent.makers());
        makers.merge(maker, 1, Integer::sum);
        return next(parent, maker, seconds, makers);
    }

    private static Made next(Made parent, Address maker, long seconds, Map<Address, Integer> makers) {
        BlockHeader above = parent.block().header();
        long time = above.timestamp() + seconds;
        UInt256 difficulty = Difficulty.next(
                Fork.HOMESTEAD, 0, above.number() + 1, time, above.difficulty(), above.timestamp(), false);
        return new Made(block(parent.hash(), above.number() + 1, time, difficulty, maker, makers), makers);
    }

    @BeforeEach
    void open() {
        ChainConfig config = new ChainConfig(
                UInt256.ONE,
                ForkSchedule.only(Fork.HOMESTEAD),
                BaseFee.MARKET,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Made genesis = genesis();
        ExecutedBlock first = new ExecutedBlock(
                genesis.block(),
                genesis.hash(),
                genesis.block().header().difficulty(),
                List.of(),
                List.of(),
                List.of(),
                0);
        database = Database.open(folder.resolve("chain"));
        parts = ChainAssembly.open(
                config,
                new GenesisState(first, state(Map.of())),
                database,
                new ChainAssembly.Settings(
                        Optional.empty(),
                        PoolLimits.DEFAULT,
                        GAS_LIMIT,
                        Durability.PROCESS,
                        () -> BlockOverrides.NONE));
        parts.chain().onChange(events::add);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ImportResult offer(Made made) {
        return parts.importer().importBlock(made.block());
    }

    private Hash head() {
        return parts.chain().head().hash();
    }

    @Test
    void the_branch_of_higher_total_difficulty_becomes_canonical_and_the_other_can_come_back() {
        Made a1 = next(genesis(), ALICE, 10);
        Made a2 = next(a1, ALICE, 10);
        Made b1 = next(genesis(), BOB, 10);
        Made b2 = next(b1, BOB, 10);
        Made b3 = next(b2, BOB, 10);
        Made a3 = next(a2, ALICE, 10);
        Made a4 = next(a3, ALICE, 10);
        assertThat(offer(a1)).isInstanceOf(ImportResult.Imported.class);
        assertThat(offer(a2)).isInstanceOf(ImportResult.Imported.class);
        assertThat(offer(b1)).isInstanceOf(ImportResult.Aside.class);
        assertThat(offer(b1)).isInstanceOf(ImportResult.AlreadyKnown.class);
        assertThat(offer(b2)).isInstanceOf(ImportResult.Aside.class);
        assertThat(head()).isEqualTo(a2.hash());
        events.clear();
        assertThat(offer(b3)).isInstanceOf(ImportResult.Imported.class);
        assertThat(head()).isEqualTo(b3.hash());
        assertThat(parts.store().canonicalHash(1)).contains(b1.hash());
        assertThat(parts.chain().states().head().account(BOB).orElseThrow().balance())
                .isEqualTo(Wei.ofEther(15));
        assertThat(parts.chain().states().head().account(ALICE)).isEmpty();
        assertThat(events).hasSize(4);
        assertThat(events.getFirst()).isInstanceOf(ChainEvent.Rewound.class);
        assertThat(offer(a3)).isInstanceOf(ImportResult.Aside.class);
        assertThat(offer(a4)).isInstanceOf(ImportResult.Imported.class);
        assertThat(head()).isEqualTo(a4.hash());
    }

    @Test
    void of_two_branches_of_equal_difficulty_the_first_seen_stays() {
        Made a1 = next(genesis(), ALICE, 10);
        Made b1 = next(genesis(), BOB, 10);
        offer(a1);
        events.clear();
        assertThat(offer(b1)).isInstanceOf(ImportResult.Aside.class);
        assertThat(head()).isEqualTo(a1.hash());
        assertThat(events).as("trying out a branch is nobody's business").isEmpty();
    }

    @Test
    void a_shorter_branch_of_higher_total_difficulty_wins() {
        Made a1 = next(genesis(), ALICE, 2_000);
        Made b1 = next(genesis(), BOB, 5);
        assertThat(offer(a1)).isInstanceOf(ImportResult.Imported.class);
        assertThat(offer(b1)).isInstanceOf(ImportResult.Imported.class);
        assertThat(head()).isEqualTo(b1.hash());
    }

    @Test
    void an_invalid_block_of_a_branch_is_refused_and_the_head_stays() {
        Made a1 = next(genesis(), ALICE, 10);
        Made a2 = next(a1, ALICE, 10);
        Made b1 = next(genesis(), BOB, 10);
        Made rich = next(genesis(), BOB, 10, Map.of(BOB, 2));
        Made greedy = next(b1, BOB, 1, Map.of(BOB, 3));
        offer(a1);
        offer(a2);
        assertThat(offer(rich)).isInstanceOf(ImportResult.Invalid.class);
        assertThat(offer(next(rich, BOB, 10))).isInstanceOf(ImportResult.Invalid.class);
        assertThat(offer(b1)).isInstanceOf(ImportResult.Aside.class);
        assertThat(offer(greedy)).isInstanceOf(ImportResult.Invalid.class);
        assertThat(head()).isEqualTo(a2.hash());
        assertThat(parts.chain().states().head().account(ALICE).orElseThrow().balance())
                .isEqualTo(Wei.ofEther(10));
    }

    @Test
    void a_better_branch_that_turns_out_invalid_leaves_the_old_one_whole() {
        Made a1 = next(genesis(), ALICE, 2_000);
        Made bad = next(genesis(), BOB, 5, Map.of(BOB, 7));
        offer(a1);
        assertThat(offer(bad)).isInstanceOf(ImportResult.Invalid.class);
        assertThat(head()).isEqualTo(a1.hash());
        assertThat(offer(next(a1, ALICE, 10))).isInstanceOf(ImportResult.Imported.class);
    }
}
