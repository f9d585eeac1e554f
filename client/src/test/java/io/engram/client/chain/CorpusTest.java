package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.rlp.RlpException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ethereum's blockchain tests, in the folder that the system property {@code engram.corpora} names. Tests whose valid
 * blocks are not all successors of the head are skipped: import knows no branches.
 */
@Tag("long")
class CorpusTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Hashes 1.6 GB of EVM memory for 2^63 gas, which no chain sells and the EVM's memory bound refuses. */
    private static final String HUGE_MEMORY = "randomStatetest94";

    /** Only files whose path contains the value of this property. */
    private static final String FILTER = "engram.corpora.filter";

    private static final ChainAssembly.Settings SETTINGS = new ChainAssembly.Settings(
            Optional.empty(), PoolLimits.DEFAULT, 30_000_000, Durability.PROCESS, Optional::empty);

    @TempDir
    Path folder;

    private int databases;
    private int passed;
    private int branches;
    private int unknown;
    private int tooLarge;
    private final List<String> failures = new ArrayList<>();

    @Test
    void executionSpecTestsPass() throws IOException {
        run("eest-blockchain-tests");
    }

    @Test
    void ethereumTestsPass() throws IOException {
        run("ethereum-blockchain-tests");
    }

    @Test
    void legacyTestsPass() throws IOException {
        run("legacy-blockchain-tests");
    }

    @Test
    void theChainOfTheRpcTestsImports() throws Exception {
        String root = System.getProperty("engram.corpora", "");
        Path tests = Path.of(root, "rpc-compat", "tests");
        assumeTrue(!root.isEmpty() && Files.isDirectory(tests), "engram.corpora names no folder with rpc-compat");
        GenesisFile genesis = GenesisFile.read(tests.resolve("genesis.json"));
        Hash head = Hash.fromHex(JSON.readTree(tests.resolve("headfcu.json").toFile())
                .path("params")
                .path(0)
                .path("headBlockHash")
                .asText());
        try (Database database = Database.open(folder.resolve("rpc"));
                InputStream chain = Files.newInputStream(tests.resolve("chain.rlp"))) {
            ChainAssembly parts = ChainAssembly.open(genesis, database, SETTINGS);
            ImportSummary summary = parts.importer().importAll(chain);
            assertThat(summary.failure()).isEmpty();
            assertThat(parts.chain().head().hash()).isEqualTo(head);
        }
    }

    private void run(String corpus) throws IOException {
        String root = System.getProperty("engram.corpora", "");
        Path tests = Path.of(root, corpus);
        assumeTrue(!root.isEmpty() && Files.isDirectory(tests), "engram.corpora names no folder with " + corpus);
        List<Path> files;
        try (Stream<Path> all = Files.walk(tests)) {
            files = all.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> file.toString().contains(System.getProperty(FILTER, "")))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            for (var test : JSON.readTree(file.toFile()).properties()) {
                if (test.getValue().has("blocks")) {
                    runCase(tests.relativize(file) + " " + test.getKey(), test.getValue());
                }
            }
        }
        System.out.printf(
                "%s: %d passed, %d failed; skipped: %d (branches), %d (network not known), %d (memory of 1.6 GB)%n",
                corpus, passed, failures.size(), branches, unknown, tooLarge);
        failures.stream().limit(200).forEach(System.out::println);
        assertThat(failures).isEmpty();
    }

    private void runCase(String name, JsonNode test) throws IOException {
        if (name.contains(HUGE_MEMORY)) {
            tooLarge++;
            return;
        }
        Optional<ChainConfig> config = CorpusNetwork.config(test);
        if (config.isEmpty()) {
            unknown++;
            return;
        }
        Path place = folder.resolve("db" + databases++);
        try (Database database = Database.open(place)) {
            Optional<String> fault = importBlocks(test, config.get(), database);
            if (fault.isEmpty()) {
                passed++;
            } else if (fault.get().equals("branches")) {
                branches++;
            } else {
                failures.add(name + ": " + fault.get());
            }
        } catch (RuntimeException | RlpException e) {
            failures.add(name + ": " + e);
        }
        deleteAll(place);
    }

    private static void deleteAll(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Optional<String> importBlocks(JsonNode test, ChainConfig config, Database database)
            throws RlpException {
        if (!test.has("genesisRLP")) {
            return Optional.of("branches");
        }
        Block genesis = BlockCodec.decode(bytes(test.get("genesisRLP")));
        ExecutedBlock executed = new ExecutedBlock(
                genesis,
                config.hasher().hash(genesis.header()),
                genesis.header().difficulty(),
                List.of(),
                List.of());
        GenesisState state = new GenesisState(executed, GenesisState.allocation(accounts(test.get("pre"))));
        ChainAssembly parts = ChainAssembly.open(config, state, database, SETTINGS);
        for (JsonNode entry : test.get("blocks")) {
            boolean valid = entry.has("blockHeader");
            ImportResult result;
            try {
                Block block = BlockCodec.decode(bytes(entry.get("rlp")));
                boolean onHead =
                        block.header().parentHash().equals(parts.chain().head().hash());
                if (valid && !onHead) {
                    return Optional.of("branches");
                }
                result = parts.importer().importBlock(block);
            } catch (RlpException | IllegalArgumentException e) {
                result = new ImportResult.Invalid("not a block: " + e.getMessage());
            }
            if (valid && result instanceof ImportResult.Invalid invalid) {
                return Optional.of("a valid block is refused: " + invalid.reason());
            }
            if (!valid && result instanceof ImportResult.Imported) {
                return Optional.of("an invalid block is imported: " + exception(entry));
            }
        }
        Hash head = parts.chain().head().hash();
        if (!head.toHex().equals(test.get("lastblockhash").asText())) {
            return Optional.of("head is " + head + ", expected " + test.get("lastblockhash"));
        }
        return test.has("postState")
                ? compare(parts.chain().states().head(), accounts(test.get("postState")))
                : Optional.empty();
    }

    private static String exception(JsonNode entry) {
        return entry.properties().stream()
                .filter(field -> field.getKey().startsWith("expectException"))
                .map(field -> field.getValue().asText())
                .findFirst()
                .orElse("no exception named");
    }

    private static Optional<String> compare(StateReader state, SortedMap<Address, GenesisAccount> expected) {
        for (var entry : expected.entrySet()) {
            Optional<Account> account = state.account(entry.getKey());
            GenesisAccount wanted = entry.getValue();
            if (account.isEmpty()
                    || account.get().nonce() != wanted.nonce()
                    || !account.get().balance().equals(wanted.balance())) {
                return Optional.of("account " + entry.getKey() + " is " + account + ", expected " + wanted);
            }
            for (var slot : wanted.storage().entrySet()) {
                if (!state.storage(entry.getKey(), slot.getKey()).equals(slot.getValue())) {
                    return Optional.of("account " + entry.getKey() + " slot " + slot.getKey());
                }
            }
        }
        return Optional.empty();
    }

    private static SortedMap<Address, GenesisAccount> accounts(JsonNode node) {
        SortedMap<Address, GenesisAccount> accounts = new TreeMap<>();
        node.properties().forEach(entry -> {
            JsonNode account = entry.getValue();
            SortedMap<UInt256, UInt256> storage = new TreeMap<>();
            account.path("storage")
                    .properties()
                    .forEach(slot -> storage.put(
                            word(slot.getKey()), word(slot.getValue().asText())));
            accounts.put(
                    Address.fromHex(entry.getKey()),
                    new GenesisAccount(
                            Wei.of(word(account.get("balance").asText())),
                            Long.parseUnsignedLong(account.get("nonce").asText().substring(2), 16),
                            bytes(account.get("code")),
                            storage));
        });
        return accounts;
    }

    private static UInt256 word(String hex) {
        return UInt256.fromBytes(Bytes.fromHexStringLenient(hex));
    }

    private static Bytes bytes(JsonNode hex) {
        return Bytes.fromHexString(hex.asText());
    }
}
