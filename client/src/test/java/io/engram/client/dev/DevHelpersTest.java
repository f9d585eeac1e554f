package io.engram.client.dev;

import static io.engram.client.dev.DevClient.ALICE;
import static io.engram.client.dev.DevClient.BOB;
import static io.engram.client.dev.DevClient.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The helpers that hardhat-network-helpers, forge-std and cast call. */
class DevHelpersTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private Optional<DevClient> running = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        running = Optional.of(new DevClient(Optional.of(folder), false));
    }

    @AfterEach
    void stop() throws IOException {
        rpc().close();
    }

    private DevClient rpc() {
        return running.orElseThrow();
    }

    @Test
    void a_snapshot_brings_back_balances_nonces_and_height_once() throws Exception {
        rpc().send("'to':'" + NOBODY + "','value':'0x5'");
        String id = rpc().text("evm_snapshot", "[]");
        rpc().send("'to':'" + NOBODY + "','value':'0x5'");
        rpc().call("anvil_setBalance", "['" + BOB + "','0x1']");
        assertThat(rpc().text("eth_getBalance", "['" + NOBODY + "']")).isEqualTo("0xa");
        assertThat(rpc().call("evm_revert", "['" + id + "']").asBoolean()).isTrue();
        assertThat(rpc().text("eth_getBalance", "['" + NOBODY + "']")).isEqualTo("0x5");
        assertThat(rpc().text("eth_getBalance", "['" + BOB + "']")).isEqualTo("0x21e19e0c9bab2400000");
        assertThat(rpc().text("eth_getTransactionCount", "['" + ALICE + "']")).isEqualTo("0x1");
        assertThat(rpc().text("eth_blockNumber", "[]")).isEqualTo("0x1");
        assertThat(rpc().call("evm_revert", "['" + id + "']").asBoolean()).isFalse();
        rpc().send("'to':'" + NOBODY + "','value':'0x1'");
        assertThat(rpc().text("eth_getBalance", "['" + NOBODY + "']")).isEqualTo("0x6");
    }

    @Test
    void a_snapshot_brings_back_what_was_set_for_blocks_to_come() throws Exception {
        rpc().call("anvil_setCoinbase", "['" + NOBODY + "']");
        String id = rpc().text("evm_snapshot", "[]");
        rpc().call("anvil_setCoinbase", "['" + BOB + "']");
        rpc().call("evm_mine", "[]");
        assertThat(rpc().call("eth_getBlockByNumber", "['latest',false]")
                        .path("miner")
                        .asText())
                .isEqualToIgnoringCase(BOB);
        rpc().call("evm_revert", "['" + id + "']");
        rpc().call("evm_mine", "[]");
        assertThat(rpc().call("eth_getBlockByNumber", "['latest',false]")
                        .path("miner")
                        .asText())
                .isEqualToIgnoringCase(NOBODY);
    }

    @Test
    void blocks_and_time_go_as_told() throws Exception {
        long start = timestamp();
        rpc().call("hardhat_mine", "['0x10','0x3c']");
        assertThat(rpc().text("eth_blockNumber", "[]")).isEqualTo("0x10");
        long mined = timestamp();
        assertThat(mined).isGreaterThanOrEqualTo(start + 15 * 60);
        rpc().call("evm_setNextBlockTimestamp", "[" + (mined + 1000) + "]");
        rpc().call("evm_mine", "[]");
        assertThat(timestamp()).isEqualTo(mined + 1000);
        rpc().call("evm_increaseTime", "['0xe10']");
        rpc().call("evm_mine", "[]");
        assertThat(timestamp()).isBetween(mined + 4600, mined + 4660);
        rpc().call("evm_mine", "[" + (mined + 9000) + "]");
        assertThat(timestamp()).isEqualTo(mined + 9000);
        assertThat(rpc().errorCode("evm_setNextBlockTimestamp", "[5]")).isEqualTo(-32602);
        assertThat(rpc().errorCode("hardhat_mine", "['0xffffffff']")).isEqualTo(-32005);
    }

    private long timestamp() throws Exception {
        return Long.decode(rpc().call("eth_getBlockByNumber", "['latest',false]")
                .path("timestamp")
                .asText());
    }

    @Test
    void without_automine_transactions_wait_for_a_block() throws Exception {
        rpc().call("evm_setAutomine", "[false]");
        String hash = rpc().text("eth_sendTransaction", "[{'from':'" + ALICE + "','to':'" + BOB + "'}]");
        assertThat(rpc().call("eth_getTransactionReceipt", "['" + hash + "']").isNull())
                .isTrue();
        assertThat(rpc().text("eth_getTransactionCount", "['" + ALICE + "','latest']"))
                .isEqualTo("0x0");
        assertThat(rpc().text("eth_getTransactionCount", "['" + ALICE + "','pending']"))
                .isEqualTo("0x1");
        assertThat(rpc().call("eth_getBlockByNumber", "['pending',false]")
                        .path("transactions")
                        .get(0)
                        .asText())
                .isEqualTo(hash);
        assertThat(rpc().call("hardhat_getAutomine", "[]").asBoolean()).isFalse();
        rpc().call("evm_mine", "[]");
        assertThat(rpc().call("eth_getTransactionReceipt", "['" + hash + "']")
                        .path("status")
                        .asText())
                .isEqualTo("0x1");
        rpc().call("evm_setIntervalMining", "[200]");
        String next = rpc().text("eth_sendTransaction", "[{'from':'" + ALICE + "','to':'" + BOB + "'}]");
        for (int i = 0;
                i < 100
                        && rpc().call("eth_getTransactionReceipt", "['" + next + "']")
                                .isNull();
                i++) {
            Thread.sleep(100);
        }
        assertThat(rpc().call("eth_getTransactionReceipt", "['" + next + "']")
                        .path("status")
                        .asText())
                .isEqualTo("0x1");
    }

    @Test
    void accounts_become_what_the_helpers_say_with_consistent_roots() throws Exception {
        rpc().call("hardhat_setBalance", "['" + NOBODY + "','0x64']");
        rpc().call("hardhat_setNonce", "['" + NOBODY + "','0x7']");
        rpc().call("hardhat_setCode", "['" + NOBODY + "','0x60015f5260205ff3']");
        rpc().call("hardhat_setStorageAt", "['" + NOBODY + "','0x5','0x" + "00".repeat(31) + "09']");
        assertThat(rpc().text("eth_getBalance", "['" + NOBODY + "']")).isEqualTo("0x64");
        assertThat(rpc().text("eth_getTransactionCount", "['" + NOBODY + "']")).isEqualTo("0x7");
        assertThat(rpc().text("eth_getStorageAt", "['" + NOBODY + "','0x5']")).endsWith("09");
        assertThat(rpc().text("eth_call", "[{'to':'" + NOBODY + "'}]")).endsWith("01");
        JsonNode proof = rpc().call("eth_getProof", "['" + NOBODY + "',['0x5'],'latest']");
        assertThat(proof.path("nonce").asText()).isEqualTo("0x7");
        rpc().send("'to':'" + BOB + "','value':'0x1'");
        assertThat(rpc().errorCode("anvil_setNonce", "['" + NOBODY + "','0x1']"))
                .isEqualTo(-32602);
        stop();
        running = Optional.of(new DevClient(Optional.of(folder), false));
        assertThat(rpc().text("eth_getBalance", "['" + NOBODY + "']")).isEqualTo("0x64");
        assertThat(rpc().text("eth_blockNumber", "[]")).isEqualTo("0x5");
    }

    @Test
    void an_impersonated_account_sends_without_a_key_until_it_is_stopped() throws Exception {
        String send = "[{'from':'" + NOBODY + "','to':'" + BOB + "','value':'0x1'}]";
        assertThat(rpc().errorCode("eth_sendTransaction", send)).isEqualTo(-32000);
        rpc().call("anvil_setBalance", "['" + NOBODY + "','0xde0b6b3a7640000']");
        rpc().call("hardhat_impersonateAccount", "['" + NOBODY + "']");
        String hash = rpc().text("eth_sendTransaction", send);
        assertThat(rpc().call("eth_getTransactionReceipt", "['" + hash + "']")
                        .path("from")
                        .asText())
                .isEqualTo(NOBODY);
        stop();
        running = Optional.of(new DevClient(Optional.of(folder), false));
        assertThat(rpc().call("eth_getTransactionByHash", "['" + hash + "']")
                        .path("from")
                        .asText())
                .isEqualTo(NOBODY);
        assertThat(rpc().errorCode("eth_sendTransaction", send)).isEqualTo(-32000);
        rpc().call("anvil_autoImpersonateAccount", "[true]");
        rpc().text("eth_sendTransaction", send);
    }

    @Test
    void a_contract_that_is_impersonated_sends() throws Exception {
        String contract = "0x00000000000000000000000000000000000000cd";
        rpc().call("hardhat_setCode", "['" + contract + "','0x60015f5260205ff3']");
        rpc().call("hardhat_setBalance", "['" + contract + "','0xde0b6b3a7640000']");
        rpc().call("hardhat_impersonateAccount", "['" + contract + "']");
        String hash =
                rpc().text("eth_sendTransaction", "[{'from':'" + contract + "','to':'" + NOBODY + "','value':'0x1'}]");
        assertThat(rpc().call("eth_getTransactionReceipt", "['" + hash + "']")
                        .path("status")
                        .asText())
                .isEqualTo("0x1");
        assertThat(rpc().call("debug_traceTransaction", "['" + hash + "',{'tracer':'callTracer'}]")
                        .path("from")
                        .asText())
                .isEqualTo(contract);
    }

    @Test
    void the_next_block_has_the_values_that_were_set_and_decrees_do_not_use_them_up() throws Exception {
        String randomness = "0x" + "5a".repeat(32);
        rpc().call("hardhat_setNextBlockBaseFeePerGas", "['0x4a817c800']");
        rpc().call("hardhat_setPrevRandao", "['" + randomness + "']");
        rpc().call("hardhat_setCoinbase", "['" + NOBODY + "']");
        rpc().call("hardhat_setBalance", "['" + NOBODY + "','0x5']");
        rpc().call("evm_mine", "[]");
        JsonNode block = rpc().call("eth_getBlockByNumber", "['latest',false]");
        assertThat(block.path("baseFeePerGas").asText()).isEqualTo("0x4a817c800");
        assertThat(block.path("mixHash").asText()).isEqualTo(randomness);
        assertThat(block.path("miner").asText()).isEqualTo(NOBODY);
        rpc().call("evm_mine", "[]");
        JsonNode next = rpc().call("eth_getBlockByNumber", "['latest',false]");
        assertThat(Long.decode(next.path("baseFeePerGas").asText())).isLessThan(0x4a817c800L);
        assertThat(next.path("mixHash").asText()).isNotEqualTo(randomness);
        assertThat(next.path("miner").asText()).isEqualTo(NOBODY);
    }

    @Test
    void reset_goes_back_to_the_start() throws Exception {
        rpc().call("evm_setBlockGasLimit", "['0x1c9c380']");
        rpc().call("evm_mine", "[]");
        assertThat(rpc().call("eth_getBlockByNumber", "['latest',false]")
                        .path("gasLimit")
                        .asText())
                .isEqualTo("0x1c9c380");
        rpc().call("hardhat_reset", "[]");
        assertThat(rpc().text("eth_blockNumber", "[]")).isEqualTo("0x0");
    }

    @Test
    void a_data_path_that_is_in_use_is_refused() {
        assertThatThrownBy(() -> new DevClient(Optional.of(folder), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void every_helper_name_is_known_here() throws Exception {
        for (String name : HelperMethods.names()) {
            assertThat(rpc().answer(name, "[]").path("error").path("code").asInt())
                    .as(name)
                    .isNotIn(-32601, -32603, -32604);
        }
    }
}
