package io.engram.client.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.client.chain.BlockOverrides;
import io.engram.client.chain.ChainAssembly;
import io.engram.client.chain.ImportSummary;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.tracer.StructLogTracer;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Hash;
import io.engram.genesis.config.GenesisFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ethereum's public tests, from the folder that the system property {@code engram.corpora} names. */
class ConformanceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private static Path corpus(String name) {
        String root = System.getProperty("engram.corpora", "");
        assumeTrue(!root.isEmpty(), "skipped: the system property engram.corpora is not set");
        Path corpus = Path.of(root, name.split("/"));
        assumeTrue(Files.exists(corpus), "skipped: " + name + " is absent from the folder engram.corpora");
        return corpus;
    }

    private static void run(String name, int least, ConformanceRun.TestRunner runner) throws IOException {
        List<String> failures = new ArrayList<>();
        ConformanceRun run = new ConformanceRun(result -> {
            if (result.status() == CaseResult.Status.FAILED) {
                failures.add(result.test() + " " + result.fork() + ": " + result.detail());
            }
        });
        run.run(
                ConformanceRun.files(List.of(corpus(name))),
                Runtime.getRuntime().availableProcessors(),
                runner);
        System.out.println(name + ": " + run.summary());
        assertThat(failures).isEmpty();
        assertThat(run.skips()).isEmpty();
        assertThat(run.count(CaseResult.Status.PASSED)).isGreaterThanOrEqualTo(least);
    }

    private static void states(String name, int least) throws IOException {
        run(name, least, new StateTests(Optional.empty(), Optional.empty()));
    }

    private void blocks(String name, int least) throws IOException {
        run(name, least, new BlockTests(folder, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "ethereum-state-tests/GeneralStateTests/stCreate2, 100",
        "ethereum-state-tests/GeneralStateTests/stSStoreTest, 100",
        "eest-state-tests/state_tests/prague, 1000",
        "eest-state-tests/state_tests/osaka, 500",
        "eest-static-state-tests/state_tests/static/state_tests/stRevertTest, 100",
        "legacy-state-tests/Constantinople/GeneralStateTests/stCallCodes, 100",
        "legacy-state-tests/Constantinople/VMTests, 411",
        "legacy-state-tests/Cancun/GeneralStateTests/stEIP1559, 100"
    })
    void the_sample_of_the_state_tests_passes(String name, int least) throws IOException {
        states(name, least);
    }

    @ParameterizedTest
    @CsvSource({
        "eest-blockchain-tests/blockchain_tests/prague/eip7002_el_triggerable_withdrawals, 10",
        "eest-blockchain-tests/blockchain_tests/osaka/eip7918_blob_reserve_price, 10",
        "ethereum-blockchain-tests/BlockchainTests/TransitionTests, 10",
        "ethereum-blockchain-tests/BlockchainTests/InvalidBlocks/bcUncleTest, 5",
        "legacy-blockchain-tests/Cancun/BlockchainTests/ValidBlocks/bcMultiChainTest, 5"
    })
    void the_sample_of_the_block_tests_passes(String name, int least) throws IOException {
        blocks(name, least);
    }

    @Test
    void the_chain_of_the_rpc_tests_imports_to_its_head() throws Exception {
        Path tests = corpus("rpc-compat/tests");
        GenesisFile genesis = GenesisFile.read(tests.resolve("genesis.json"));
        Hash head = Hash.fromHex(JSON.readTree(tests.resolve("headfcu.json").toFile())
                .path("params")
                .path(0)
                .path("headBlockHash")
                .asText());
        ChainAssembly.Settings settings = new ChainAssembly.Settings(
                Optional.empty(), PoolLimits.DEFAULT, 30_000_000, Durability.PROCESS, () -> BlockOverrides.NONE);
        try (Database database = Database.open(folder.resolve("rpc"));
                InputStream chain = Files.newInputStream(tests.resolve("chain.rlp"))) {
            ChainAssembly parts = ChainAssembly.open(genesis, database, settings);
            ImportSummary summary = parts.importer().importAll(chain);
            assertThat(summary.failure()).isEmpty();
            assertThat(parts.chain().head().hash()).isEqualTo(head);
        }
    }

    @Tag("long")
    @Tag("conformance")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ethereum-state-tests",
                "eest-state-tests",
                "eest-static-state-tests",
                "legacy-state-tests/Cancun"
            })
    void every_state_test_passes(String name) throws IOException {
        states(name, 1_000);
    }

    @Tag("long")
    @Tag("conformance")
    @ParameterizedTest
    @ValueSource(strings = {"GeneralStateTests", "VMTests"})
    void every_legacy_state_test_passes(String name) throws IOException {
        states("legacy-state-tests/Constantinople/" + name, 400);
    }

    @Tag("long")
    @Tag("conformance")
    @ParameterizedTest
    @ValueSource(strings = {"eest-blockchain-tests", "ethereum-blockchain-tests", "legacy-blockchain-tests"})
    void every_block_test_passes(String name) throws IOException {
        blocks(name, 400);
    }

    @Test
    void tracing_every_instruction_changes_no_result() throws IOException {
        long[] lines = new long[1];
        StateTests.CaseObserver observer = new StateTests.CaseObserver() {
            @Override
            public Tracer tracer() {
                return new StructLogTracer(new StructLogTracer.Options(true, false, true, true), log -> lines[0]++);
            }

            @Override
            public void ended(CaseResult result) {
                assertThat(result.facts()).containsKeys("d", "g", "v");
            }
        };
        List<String> failures = new ArrayList<>();
        ConformanceRun run = new ConformanceRun(result -> {
            if (result.status() == CaseResult.Status.FAILED) {
                failures.add(result.test() + ": " + result.detail());
            }
        });
        run.run(
                ConformanceRun.files(List.of(corpus("eest-state-tests/state_tests/cancun/eip1153_tstore"))),
                1,
                new StateTests(Optional.empty(), Optional.of(observer)));
        assertThat(failures).isEmpty();
        assertThat(lines[0]).isPositive();
    }
}
