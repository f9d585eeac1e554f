package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.ChainAssembly;
import io.engram.client.chain.ExecutedBlock;
import io.engram.client.chain.GenesisState;
import io.engram.client.chain.ImportResult;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.rlp.RlpException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/**
 * Runs blockchain tests: each on a chain of its own, as a node stores it, through the importer that a node uses. Seals
 * of proof of work are not computed again. Thread-safe.
 */
public final class BlockTests implements ConformanceRun.TestRunner {

    /** A test that hashes 1.6 GB of memory for 2^63 gas; such tests run one at a time. */
    private static final String HUGE_MEMORY = "randomStatetest94";

    private static final long TARGET_GAS_LIMIT = 30_000_000;

    private static final ChainAssembly.Settings SETTINGS = new ChainAssembly.Settings(
            Optional.empty(), PoolLimits.DEFAULT, TARGET_GAS_LIMIT, Durability.PROCESS, () -> BlockOverrides.NONE);

    private final Path folder;
    private final AtomicLong databases = new AtomicLong();
    private final Optional<String> onlyNetwork;
    private final Object alone = new Object();

    /**
     * @param folder for the databases; each is deleted after its test
     * @param onlyNetwork the network to run; all when empty
     */
    public BlockTests(Path folder, Optional<String> onlyNetwork) {
        this.folder = folder;
        this.onlyNetwork = onlyNetwork;
    }

    /** Whether blockchain tests can be for a network of this name. */
    public static boolean isKnown(String network) {
        return TestNetworks.isKnown(network);
    }

    @Override
    public void run(String name, JsonNode test, Consumer<CaseResult> results) {
        String network = test.path("network").asText("");
        if (!test.has("blocks") || !test.has("genesisBlockHeader")) {
            results.accept(CaseResult.skipped(name, network, "not a blockchain test"));
        } else if (onlyNetwork.isEmpty() || onlyNetwork.get().equalsIgnoreCase(network)) {
            results.accept(name.contains(HUGE_MEMORY) ? runAlone(name, network, test) : run(name, network, test));
        }
    }

    private CaseResult runAlone(String name, String network, JsonNode test) {
        synchronized (alone) {
            return run(name, network, test);
        }
    }

    // A case that throws is a failed case, whatever it throws.
    private CaseResult run(String name, String network, JsonNode test) {
        Optional<ChainConfig> config = TestNetworks.config(test);
        if (config.isEmpty()) {
            return CaseResult.skipped(name, network, "the network " + network + " is not known");
        }
        Path place = folder.resolve("chain-" + databases.getAndIncrement());
        Map<String, Object> facts = new LinkedHashMap<>();
        Optional<String> fault;
        try (Database database = Database.open(place)) {
            fault = importBlocks(test, config.get(), database, facts);
        } catch (RuntimeException | RlpException e) {
            StackTraceElement[] trace = e.getStackTrace();
            fault = Optional.of(e + (trace.length > 0 ? " at " + trace[0] : ""));
        } finally {
            delete(place);
        }
        return fault.map(what -> CaseResult.failed(name, network, what, facts))
                .orElseGet(() -> CaseResult.passed(name, network, facts));
    }

    private static void delete(Path place) {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> importBlocks(
            JsonNode test, ChainConfig config, Database database, Map<String, Object> facts) throws RlpException {
        Block genesis = genesis(test);
        Hash hash = config.hasher().hash(genesis.header());
        String stated = test.path("genesisBlockHeader").path("hash").asText();
        if (!hash.toHex().equals(stated)) {
            return Optional.of("the hash of the genesis block is " + hash + ", expected " + stated);
        }
        ExecutedBlock executed =
                new ExecutedBlock(genesis, hash, genesis.header().difficulty(), List.of(), List.of(), List.of(), 0);
        MemoryState pre = Fields.state(test.path("pre"));
        ChainAssembly parts = ChainAssembly.open(config, new GenesisState(executed, whole(pre)), database, SETTINGS);
        int index = 0;
        for (JsonNode entry : test.path("blocks")) {
            Optional<String> fault = offer(parts, entry);
            if (fault.isPresent()) {
                return Optional.of("block at index " + index + ": " + fault.get());
            }
            index++;
        }
        Hash head = parts.chain().head().hash();
        Hash root = parts.chain().head().header().stateRoot();
        facts.put("head", head.toHex());
        facts.put("stateRoot", root.toHex());
        if (!head.toHex().equals(test.path("lastblockhash").asText())) {
            return Optional.of("the head is " + head + ", expected "
                    + test.path("lastblockhash").asText());
        }
        if (test.has("postState")) {
            return compare(parts.chain().states().head(), root, Fields.state(test.path("postState")));
        }
        String postRoot = test.path("postStateHash").asText(root.toHex());
        return root.toHex().equals(postRoot)
                ? Optional.empty()
                : Optional.of("the state root is " + root + ", expected " + postRoot);
    }

    private static Block genesis(JsonNode test) throws RlpException {
        BlockHeader header = TestHeaders.of(test.path("genesisBlockHeader"));
        if (test.has("genesisRLP")) {
            return BlockCodec.decode(Fields.bytes(test.path("genesisRLP")));
        }
        return new Block(
                header,
                new BlockBody(List.of(), List.of(), header.withdrawalsRoot().map(root -> List.of())));
    }

    private static Optional<String> offer(ChainAssembly parts, JsonNode entry) {
        boolean valid = entry.has("blockHeader");
        Hash before = parts.chain().head().hash();
        ImportResult result;
        try {
            Block block = BlockCodec.decode(Fields.bytes(entry.path("rlp")));
            result = parts.importer().importBlock(block);
        } catch (RlpException | IllegalArgumentException e) {
            result = new ImportResult.Invalid("not a block: " + e.getMessage());
        }
        if (valid) {
            return result instanceof ImportResult.Invalid invalid
                    ? Optional.of("a valid block is refused: " + invalid.reason())
                    : Optional.empty();
        }
        if (!(result instanceof ImportResult.Invalid)) {
            return Optional.of("an invalid block is not refused ("
                    + result.getClass().getSimpleName() + "), expected " + exception(entry));
        }
        Hash after = parts.chain().head().hash();
        return after.equals(before)
                ? Optional.empty()
                : Optional.of("a refused block changes the head from " + before + " to " + after);
    }

    private static String exception(JsonNode entry) {
        return entry.properties().stream()
                .filter(field -> field.getKey().startsWith("expectException"))
                .map(field -> field.getValue().asText())
                .findFirst()
                .orElse("refusal");
    }

    /** A state as a change of the empty one. */
    private static StateChanges whole(MemoryState state) {
        Map<Address, AccountChange> accounts = new HashMap<>();
        Map<Hash, Bytes> codes = new HashMap<>();
        state.accounts().forEach((address, account) -> {
            accounts.put(address, new AccountChange(Optional.of(account), false, state.slots(address)));
            if (account.hasCode()) {
                codes.put(account.codeHash(), state.code(account.codeHash()));
            }
        });
        return new StateChanges(accounts, codes);
    }

    private static Optional<String> compare(StateReader state, Hash root, MemoryState expected) {
        for (var entry : expected.accounts().entrySet()) {
            Address address = entry.getKey();
            Optional<Account> account = state.account(address);
            if (!account.equals(Optional.of(entry.getValue()))) {
                return Optional.of("account " + address + " is " + account + ", expected " + entry.getValue());
            }
            for (var slot : expected.slots(address).entrySet()) {
                if (!state.storage(address, slot.getKey()).equals(slot.getValue())) {
                    return Optional.of("slot " + slot.getKey() + " of " + address + " is "
                            + state.storage(address, slot.getKey()) + ", expected " + slot.getValue());
                }
            }
        }
        Hash expectedRoot = StateRoots.of(expected);
        return root.equals(expectedRoot)
                ? Optional.empty()
                : Optional.of("the state root is " + root + ", that of the expected state is " + expectedRoot);
    }
}
