package io.engram.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.client.state.RocksWorldState;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The EVM's commands by what they print and their exit codes. */
class EvmCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private record Ended(int code, List<String> lines) {
        String last() {
            return lines.getLast();
        }
    }

    private static Ended run(String... args) {
        StringWriter text = new StringWriter();
        CommandLine line = new CommandLine(new EvmCommand());
        line.setOut(new PrintWriter(text, true));
        line.setErr(new PrintWriter(text, true));
        int code = line.execute(args);
        return new Ended(code, text.toString().lines().toList());
    }

    @Test
    void code_returns_its_output_and_a_trace_has_a_line_for_each_instruction() throws IOException {
        String code = "6002600301" + "5f52" + "60205ff3";
        assertThat(run("run", "--code", code).last()).isEqualTo("0x" + "0".repeat(63) + "5");
        Ended traced = run("run", "--code", code, "--trace", "--json", "--gas", "1000");
        assertThat(traced.code()).isZero();
        assertThat(traced.lines()).hasSize(9);
        JsonNode add = JSON.readTree(traced.lines().get(2));
        assertThat(add.path("opName").asText()).isEqualTo("ADD");
        assertThat(add.path("pc").asInt()).isEqualTo(4);
        assertThat(add.path("op").asInt()).isEqualTo(1);
        assertThat(add.path("gas").asText()).isEqualTo("0x" + Integer.toHexString(1000 - 6));
        assertThat(add.path("gasCost").asText()).isEqualTo("0x3");
        assertThat(add.path("stack").toString()).isEqualTo("[\"0x2\",\"0x3\"]");
        assertThat(add.path("depth").asInt()).isEqualTo(1);
        JsonNode result = JSON.readTree(traced.last());
        assertThat(result.path("gasUsed").asText()).isEqualTo("0x" + Integer.toHexString(3 + 3 + 3 + 2 + 6 + 3 + 2));
    }

    @Test
    void code_that_reverts_or_lacks_gas_fails_and_says_why() {
        Ended reverted = run("run", "--code", "5f5ffd");
        assertThat(reverted.code()).isEqualTo(1);
        assertThat(reverted.last()).contains("reverted");
        Ended starved = run("run", "--code", "6001600101", "--gas", "8");
        assertThat(starved.code()).isEqualTo(1);
        assertThat(starved.last()).contains("out of gas");
        assertThat(run("run", "--code", "5f", "--fork", "london").code()).isEqualTo(2);
        assertThat(run("run", "--code", "5f", "--fork", "LONDON").last()).contains("invalid opcode");
        assertThat(run("run").code()).isEqualTo(2);
    }

    /** A transfer of 7 wei under Berlin rules, with the root that is expected. */
    private Path transfer(String root) throws IOException {
        String test = """
                {"transfer": {
                  "env": {"currentCoinbase": "0x00000000000000000000000000000000000000aa", "currentDifficulty": "0x1",
                          "currentGasLimit": "0x7a1200", "currentNumber": "0x1", "currentTimestamp": "0x1"},
                  "pre": {"0x00000000000000000000000000000000000000bb":
                            {"balance": "0x989680", "nonce": "0x0", "code": "0x", "storage": {}}},
                  "transaction": {"data": ["0x"], "gasLimit": ["0x5208"], "gasPrice": "0x2", "nonce": "0x0",
                                  "sender": "0x00000000000000000000000000000000000000bb",
                                  "to": "0x00000000000000000000000000000000000000cc", "value": ["0x7"]},
                  "post": {"Berlin": [{"hash": "%s", "indexes": {"data": 0, "gas": 0, "value": 0},
                             "logs": "%s"}]}}}""".formatted(root, Hash.EMPTY_LIST.toHex());
        return Files.writeString(folder.resolve("transfer.json"), test);
    }

    private static AccountChange account(long nonce, long balance) {
        return new AccountChange(Optional.of(new Account(nonce, Wei.of(balance), Hash.EMPTY_CODE)), false, Map.of());
    }

    @Test
    void a_state_test_passes_with_the_right_root_and_fails_with_both_roots_named() throws IOException {
        long fee = 2 * 21_000;
        Hash root = RocksWorldState.rootOf(new StateChanges(
                Map.of(
                        Address.fromHex("0x00000000000000000000000000000000000000aa"), account(0, fee),
                        Address.fromHex("0x00000000000000000000000000000000000000bb"), account(1, 10_000_000 - 7 - fee),
                        Address.fromHex("0x00000000000000000000000000000000000000cc"), account(0, 7)),
                Map.of()));
        Ended passed = run("statetest", transfer(root.toHex()).toString());
        assertThat(passed.code()).isZero();
        assertThat(passed.last()).isEqualTo("1 passed, 0 failed, 0 skipped");
        assertThat(run("statetest", "--fork", "London", folder.toString()).last())
                .isEqualTo("0 passed, 0 failed, 0 skipped");
        JsonNode json = JSON.readTree(
                run("statetest", "--json", folder.toString()).lines().getFirst());
        assertThat(json.path("pass").asBoolean()).isTrue();
        assertThat(json.path("stateRoot").asText()).isEqualTo(root.toHex());
        Ended failed = run("statetest", transfer(Hash.EMPTY_TRIE.toHex()).toString());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.lines().getFirst()).contains("transfer", "Berlin", root.toHex(), Hash.EMPTY_TRIE.toHex());
        assertThat(failed.last()).isEqualTo("0 passed, 1 failed, 0 skipped");
    }

    @Test
    void what_is_no_test_or_not_there_is_said() throws IOException {
        Files.writeString(folder.resolve("other.json"), "{\"a\": {}}");
        assertThat(run("statetest", folder.toString()).last()).isEqualTo("0 passed, 0 failed, 1 skipped");
        assertThat(run("blocktest", folder.toString()).last()).isEqualTo("0 passed, 0 failed, 1 skipped");
        assertThat(run("blocktest", folder.resolve("none").toString()).code()).isEqualTo(2);
        assertThat(run("t8n", "--state.fork=Nowhere").code()).isEqualTo(3);
        assertThat(run("t8n", "--input.alloc=" + folder.resolve("none")).code()).isEqualTo(11);
    }
}
