package io.engram.client.dev;

import static io.engram.client.dev.DevClient.ALICE;
import static io.engram.client.dev.DevClient.BOB;
import static io.engram.client.dev.DevClient.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Clamp;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every method of a development node over a real socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DevRpcTest {

    private static final String MISSING_HASH = "0x" + "11".repeat(32);

    /** Stores its argument in slot 0 and emits it; returns slot 0 without one; reverts with "no" on argument 0. */
    private static final String COUNTER = "0x"
            + "36600c57" // call data: 12
            + "5f545f5260205ff3" // return slot 0
            + "5b5f358015601e57" // 12: argument 0: 30
            + "805f555f5260205fa000" // store, emit, stop
            + "5b7f08c379a0" + "00".repeat(28) + "5f52" // 30: Error(string)
            + "602060045260026024527f6e6f" + "00".repeat(30) + "60445260645ffd";

    private final DevClient rpc;

    DevRpcTest() throws IOException {
        rpc = new DevClient(Optional.empty(), true);
    }

    @AfterAll
    void stop() throws IOException {
        rpc.close();
    }

    private String deploy(String runtime) throws Exception {
        int size = (runtime.length() - 2) / 2;
        // CODECOPY of everything behind these twelve bytes, and RETURN.
        String init = "0x61" + String.format("%04x", size) + "80600c5f395ff30000";
        JsonNode receipt = rpc.send("'data':'" + init + runtime.substring(2) + "'");
        assertThat(receipt.path("status").asText()).isEqualTo("0x1");
        return receipt.path("contractAddress").asText();
    }

    @Test
    void the_node_says_who_and_where_it_is() throws Exception {
        assertThat(rpc.text("web3_clientVersion", "[]")).startsWith("engram/v");
        assertThat(rpc.text("web3_sha3", "['0x']"))
                .isEqualTo("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
        assertThat(rpc.text("net_version", "[]")).isEqualTo("1337");
        assertThat(rpc.text("eth_chainId", "[]")).isEqualTo("0x539");
        assertThat(rpc.call("net_listening", "[]").asBoolean()).isTrue();
        assertThat(rpc.text("net_peerCount", "[]")).isEqualTo("0x0");
        assertThat(rpc.call("eth_syncing", "[]").asBoolean()).isFalse();
        assertThat(rpc.call("eth_accounts", "[]")).hasSize(10);
        assertThat(rpc.call("rpc_modules", "[]").has("inference")).isTrue();
        JsonNode backends = rpc.call("inference_getBackends", "[]");
        assertThat(backends.path("current").asText()).isEqualTo("reference");
        assertThat(backends.path("available").get(0).asText()).isEqualTo("reference");
        assertThat(backends.path("fault").isNull()).isTrue();
        assertThat(rpc.text("anvil_nodeInfo", "[]")).isNotNull();
        assertThat(rpc.call("hardhat_metadata", "[]").path("chainId").asInt()).isEqualTo(1337);
        assertThat(rpc.errorCode("web3_sha3", "['0x1']")).isEqualTo(-32602);
        assertThat(rpc.errorCode("eth_nothing", "[]")).isEqualTo(-32601);
    }

    @Test
    void a_transfer_is_in_a_block_when_its_hash_is_known() throws Exception {
        String before = rpc.text("eth_getBalance", "['" + NOBODY + "','latest']");
        JsonNode receipt = rpc.send("'to':'" + NOBODY + "','value':'0x1'");
        assertThat(receipt.path("status").asText()).isEqualTo("0x1");
        assertThat(receipt.path("gasUsed").asText()).isEqualTo("0x5208");
        assertThat(receipt.path("contractAddress").isNull()).isTrue();
        String hash = receipt.path("transactionHash").asText();
        String block = receipt.path("blockNumber").asText();
        String blockHash = receipt.path("blockHash").asText();
        assertThat(Long.decode(rpc.text("eth_getBalance", "['" + NOBODY + "','" + block + "']")))
                .isEqualTo(Long.decode(before) + 1);

        JsonNode transaction = rpc.call("eth_getTransactionByHash", "['" + hash + "']");
        assertThat(transaction.path("from").asText()).isEqualTo(ALICE);
        assertThat(rpc.call("eth_getTransactionByBlockHashAndIndex", "['" + blockHash + "','0x0']"))
                .isEqualTo(transaction);
        assertThat(rpc.call("eth_getTransactionByBlockNumberAndIndex", "['" + block + "','0x0']"))
                .isEqualTo(transaction);
        JsonNode full = rpc.call("eth_getBlockByHash", "['" + blockHash + "',true]");
        assertThat(full.path("transactions").get(0)).isEqualTo(transaction);
        JsonNode thin = rpc.call("eth_getBlockByNumber", "['" + block + "',false]");
        assertThat(thin.path("transactions").get(0).asText()).isEqualTo(hash);
        assertThat(thin.path("hash").asText()).isEqualTo(blockHash);
        assertThat(rpc.call("eth_getBlockReceipts", "['" + block + "']").get(0)).isEqualTo(receipt);
        assertThat(rpc.text("eth_getBlockTransactionCountByHash", "['" + blockHash + "']"))
                .isEqualTo("0x1");
        assertThat(rpc.text("eth_getBlockTransactionCountByNumber", "['" + block + "']"))
                .isEqualTo("0x1");
        assertThat(rpc.text("debug_getRawTransaction", "['" + hash + "']"))
                .isEqualTo(rpc.text("eth_getRawTransactionByHash", "['" + hash + "']"));
    }

    @Test
    void what_is_not_there_is_null_and_what_is_malformed_is_an_error() throws Exception {
        assertThat(rpc.call("eth_getTransactionByHash", "['" + MISSING_HASH + "']")
                        .isNull())
                .isTrue();
        assertThat(rpc.call("eth_getTransactionReceipt", "['" + MISSING_HASH + "']")
                        .isNull())
                .isTrue();
        assertThat(rpc.call("eth_getBlockByHash", "['" + MISSING_HASH + "',false]")
                        .isNull())
                .isTrue();
        assertThat(rpc.call("eth_getBlockByNumber", "['0xffffff',false]").isNull())
                .isTrue();
        assertThat(rpc.call("eth_getBlockReceipts", "['0xffffff']").isNull()).isTrue();
        assertThat(rpc.call("eth_getUncleByBlockNumberAndIndex", "['latest','0x0']")
                        .isNull())
                .isTrue();
        assertThat(rpc.text("eth_getUncleCountByBlockNumber", "['latest']")).isEqualTo("0x0");
        assertThat(rpc.errorCode("eth_getBalance", "['" + ALICE + "','0xffffff']"))
                .isEqualTo(-32000);
        assertThat(rpc.errorCode("eth_getBalance", "['" + ALICE + "',{'blockHash':'" + MISSING_HASH + "'}]"))
                .isEqualTo(-32001);
        for (String method : List.of(
                "eth_getBalance",
                "eth_getCode",
                "eth_getStorageAt",
                "eth_getTransactionCount",
                "eth_getProof",
                "eth_call",
                "eth_estimateGas",
                "eth_createAccessList",
                "eth_sendRawTransaction",
                "eth_getTransactionByHash",
                "eth_getTransactionReceipt",
                "eth_getBlockReceipts",
                "eth_getLogs",
                "eth_newFilter",
                "eth_getFilterChanges",
                "eth_feeHistory",
                "debug_traceTransaction",
                "inference_getReceipts",
                "inference_getSteps",
                "inference_getProof",
                "inference_verifyStep",
                "model_get",
                "model_estimateGas",
                "model_publish",
                "model_beginUpload",
                "model_appendUpload",
                "model_publishUpload",
                "anvil_setBalance",
                "hardhat_setCode",
                "eth_sendTransaction",
                "evm_setNextBlockTimestamp")) {
            assertThat(rpc.errorCode(method, "[5]")).as(method).isEqualTo(-32602);
            assertThat(rpc.errorCode(method, "[]")).as(method).isEqualTo(-32602);
        }
    }

    @Test
    void a_block_is_named_by_tag_number_hash_or_object() throws Exception {
        JsonNode head = rpc.call("eth_getBlockByNumber", "['latest',false]");
        String hash = head.path("hash").asText();
        String number = head.path("number").asText();
        String balance = rpc.text("eth_getBalance", "['" + BOB + "','" + number + "']");
        for (String block : List.of(
                "'safe'",
                "'finalized'",
                "'" + hash + "'",
                "{'blockHash':'" + hash + "','requireCanonical':true}",
                "{'blockNumber':'" + number + "'}")) {
            assertThat(rpc.text("eth_getBalance", "['" + BOB + "'," + block + "]"))
                    .as(block)
                    .isEqualTo(balance);
        }
        assertThat(rpc.text("eth_getBalance", "['" + BOB + "','earliest']")).isEqualTo("0x21e19e0c9bab2400000");
        for (String block :
                List.of("'newest'", "'0x01'", "{}", "7", "{'blockHash':'" + hash + "','blockNumber':'0x1'}")) {
            assertThat(rpc.errorCode("eth_getBalance", "['" + BOB + "'," + block + "]"))
                    .as(block)
                    .isEqualTo(-32602);
        }
    }

    @Test
    void a_contract_is_deployed_called_estimated_and_traced() throws Exception {
        String contract = deploy(COUNTER);
        String seven = "0x" + "00".repeat(31) + "07";
        assertThat(rpc.text("eth_getCode", "['" + contract + "','latest']")).isEqualTo(COUNTER);
        String call = "{'from':'" + ALICE + "','to':'" + contract + "','data':'" + seven + "'}";
        long estimate = rpc.number("eth_estimateGas", "[" + call + "]");
        JsonNode receipt =
                rpc.send("'to':'" + contract + "','data':'" + seven + "','gas':'0x" + Long.toHexString(estimate) + "'");
        assertThat(receipt.path("status").asText()).isEqualTo("0x1");
        assertThat(Long.decode(receipt.path("gasUsed").asText())).isLessThanOrEqualTo(estimate);
        assertThat(rpc.text("eth_call", "[{'to':'" + contract + "'},'latest']")).isEqualTo(seven);
        assertThat(rpc.text("eth_getStorageAt", "['" + contract + "','0x0','latest']"))
                .isEqualTo(seven);
        JsonNode proof = rpc.call("eth_getProof", "['" + contract + "',['0x0'],'latest']");
        assertThat(proof.path("storageProof").get(0).path("value").asText()).isEqualTo("0x7");

        JsonNode list = rpc.call("eth_createAccessList", "[" + call + "]");
        assertThat(list.path("accessList").get(0).path("address").asText()).isEqualTo(contract);

        String block = receipt.path("blockNumber").asText();
        JsonNode logs = rpc.call("eth_getLogs", "[{'fromBlock':'" + block + "','address':'" + contract + "'}]");
        assertThat(logs).hasSize(1);
        assertThat(logs.get(0)).isEqualTo(receipt.path("logs").get(0));
        assertThat(rpc.call("eth_getLogs", "[{'fromBlock':'" + block + "','address':'" + BOB + "'}]"))
                .isEmpty();
        assertThat(rpc.call(
                        "eth_getLogs",
                        "[{'blockHash':'" + receipt.path("blockHash").asText() + "'}]"))
                .hasSize(1);

        String hash = receipt.path("transactionHash").asText();
        JsonNode trace = rpc.call("debug_traceTransaction", "['" + hash + "']");
        assertThat(trace.path("gas").asText())
                .isEqualTo(Long.toString(Long.decode(receipt.path("gasUsed").asText())));
        assertThat(trace.path("structLogs").get(0).path("op").asText()).isEqualTo("CALLDATASIZE");
        JsonNode tree = rpc.call("debug_traceTransaction", "['" + hash + "',{'tracer':'callTracer'}]");
        assertThat(tree.path("to").asText()).isEqualTo(contract);
        assertThat(tree.path("gasUsed").asText())
                .isEqualTo(receipt.path("gasUsed").asText());
        assertThat(tree.path("gas").asText()).isEqualTo("0x" + Long.toHexString(estimate));
        JsonNode prestate = rpc.call("debug_traceTransaction", "['" + hash + "',{'tracer':'prestateTracer'}]");
        assertThat(prestate.path(contract).path("code").asText()).isEqualTo(COUNTER);
        assertThat(prestate.path(contract)
                        .path("storage")
                        .path("0x" + "00".repeat(32))
                        .asText())
                .isEqualTo("0x" + "00".repeat(32));
        assertThat(prestate.path(ALICE).path("nonce").asLong()).isPositive();
        JsonNode difference = rpc.call(
                "debug_traceTransaction",
                "['" + hash + "',{'tracer':'prestateTracer','tracerConfig':{'diffMode':true}}]");
        assertThat(difference.path("post").path(contract).toString())
                .isEqualTo("{\"storage\":{\"0x" + "00".repeat(32) + "\":\"" + seven + "\"}}");
        assertThat(difference.path("pre").path(contract).has("storage")).isFalse();
        assertThat(difference.path("post").path(ALICE).path("nonce").asLong())
                .isEqualTo(difference.path("pre").path(ALICE).path("nonce").asLong() + 1);
        assertThat(rpc.call("debug_traceBlockByNumber", "['" + block + "',{'tracer':'4byteTracer'}]")
                        .get(0)
                        .path("result")
                        .toString())
                .isEqualTo("{\"0x00000000-28\":1}");
        assertThat(rpc.call("debug_traceCall", "[" + call + ",'latest',{'tracer':'prestateTracer'}]")
                        .has(contract))
                .isTrue();
        assertThat(rpc.call("debug_traceCall", "[" + call + ",'latest']")
                        .path("structLogs")
                        .isEmpty())
                .isFalse();
        assertThat(rpc.call("debug_traceCall", "[" + call + ",'latest',{'tracer':'callTracer'}]")
                        .path("type")
                        .asText())
                .isEqualTo("CALL");
        assertThat(rpc.call("debug_traceBlockByNumber", "['" + block + "',{'tracer':'callTracer'}]"))
                .hasSize(1);
        assertThat(rpc.errorCode("debug_traceTransaction", "['" + hash + "',{'tracer':'fortuneTeller'}]"))
                .isEqualTo(-32602);
    }

    @Test
    void a_revert_is_code_three_with_its_data_in_call_and_estimate() throws Exception {
        String contract = deploy(COUNTER);
        String call = "{'to':'" + contract + "','data':'0x" + "00".repeat(32) + "'}";
        for (String method : List.of("eth_call", "eth_estimateGas")) {
            JsonNode error = rpc.error(method, "[" + call + "]");
            assertThat(error.path("code").asInt()).as(method).isEqualTo(3);
            assertThat(error.path("message").asText()).isEqualTo("execution reverted: no");
            assertThat(error.path("data").asText()).startsWith("0x08c379a0");
        }
    }

    @Test
    void overrides_change_the_state_for_one_call_only() throws Exception {
        String code = "0x305f5260205ff3"; // returns ADDRESS
        String result =
                rpc.text("eth_call", "[{'to':'" + NOBODY + "'},'latest',{'" + NOBODY + "':{'code':'" + code + "'}}]");
        assertThat(result).endsWith(NOBODY.substring(2));
        assertThat(rpc.text("eth_getCode", "['" + NOBODY + "','latest']")).isEqualTo("0x");
        String number = "0x435f5260205ff3"; // returns NUMBER
        assertThat(rpc.text(
                        "eth_call",
                        "[{'to':'" + NOBODY + "'},'latest',{'" + NOBODY + "':{'code':'" + number
                                + "'}},{'number':'0x1234'}]"))
                .endsWith("1234");
        assertThat(rpc.errorCode("eth_call", "[{'to':'" + NOBODY + "'},'latest',{'" + NOBODY + "':5}]"))
                .isEqualTo(-32602);
    }

    @Test
    void refused_transactions_say_why_in_words_that_libraries_know() throws Exception {
        rpc.send("'to':'" + BOB + "'");
        assertThat(rpc.error(
                                "eth_sendTransaction",
                                "[{'from':'" + ALICE + "','to':'" + BOB + "','nonce':'0x0','gas':'0x5208'}]")
                        .path("message")
                        .asText())
                .startsWith("nonce too low");
        assertThat(rpc.error(
                                "eth_sendTransaction",
                                "[{'from':'" + ALICE + "','to':'" + BOB + "','gas':'0x5208','value':'0x"
                                        + "f".repeat(40) + "'}]")
                        .path("message")
                        .asText())
                .startsWith("insufficient funds");
        assertThat(rpc.error("eth_sendTransaction", "[{'from':'" + ALICE + "','to':'" + BOB + "','gas':'0x5207'}]")
                        .path("message")
                        .asText())
                .startsWith("intrinsic gas too low");
        assertThat(rpc.error("eth_sendTransaction", "[{'from':'" + NOBODY + "','to':'" + BOB + "'}]")
                        .path("message")
                        .asText())
                .contains("impersonate");
        assertThat(rpc.errorCode("eth_sendRawTransaction", "['0x01']")).isEqualTo(-32602);
    }

    @Test
    void a_signed_transaction_is_taken_and_known_twice() throws Exception {
        long nonce = rpc.number("eth_getTransactionCount", "['" + BOB + "','pending']");
        String raw = UnsignedTransaction.of(TransactionType.LEGACY)
                .chainId(1337)
                .nonce(nonce + 1)
                .gasPrice(Wei.of(100_000_000_000L))
                .gasLimit(21_000)
                .to(DevAccounts.all().getFirst().address())
                .sign(DevAccounts.all().get(1))
                .encoded()
                .toHexString();
        String hash = rpc.text("eth_sendRawTransaction", "['" + raw + "']");
        assertThat(rpc.call("eth_getTransactionByHash", "['" + hash + "']")
                        .path("blockNumber")
                        .isNull())
                .isTrue();
        assertThat(rpc.error("eth_sendRawTransaction", "['" + raw + "']")
                        .path("message")
                        .asText())
                .startsWith("already known");
        assertThat(rpc.text("txpool_status", "[]")).isNotNull();
        assertThat(rpc.call("txpool_content", "[]").path("queued")).isNotEmpty();
        assertThat(rpc.call("txpool_inspect", "[]").path("queued")).isNotEmpty();
        assertThat(rpc.call("anvil_dropTransaction", "['" + hash + "']").asBoolean())
                .isTrue();
    }

    @Test
    void fees_are_suggested_and_remembered() throws Exception {
        assertThat(rpc.number("eth_gasPrice", "[]")).isPositive();
        assertThat(rpc.number("eth_maxPriorityFeePerGas", "[]")).isGreaterThanOrEqualTo(1_000);
        assertThat(rpc.number("eth_blobBaseFee", "[]")).isEqualTo(1);
        JsonNode history = rpc.call("eth_feeHistory", "['0x2','latest',[10,90]]");
        assertThat(history.path("baseFeePerGas")).hasSize(3);
        assertThat(history.path("reward").get(0)).hasSize(2);
        assertThat(history.path("gasUsedRatio")).hasSize(2);
        assertThat(rpc.errorCode("eth_feeHistory", "['0x2','latest',[90,10]]")).isEqualTo(-32602);
        assertThat(rpc.errorCode("eth_feeHistory", "['0x0','latest']")).isEqualTo(-32602);
    }

    @Test
    void filters_deliver_what_is_new_once() throws Exception {
        String contract = deploy(COUNTER);
        String blocks = rpc.text("eth_newBlockFilter", "[]");
        String logs = rpc.text("eth_newFilter", "[{'address':'" + contract + "'}]");
        String pending = rpc.text("eth_newPendingTransactionFilter", "[]");
        JsonNode receipt = rpc.send("'to':'" + contract + "','data':'0x" + "00".repeat(31) + "05'");
        assertThat(rpc.call("eth_getFilterChanges", "['" + blocks + "']").toString())
                .contains(receipt.path("blockHash").asText());
        assertThat(rpc.call("eth_getFilterChanges", "['" + logs + "']")).hasSize(1);
        assertThat(rpc.call("eth_getFilterChanges", "['" + logs + "']")).isEmpty();
        assertThat(rpc.call("eth_getFilterChanges", "['" + pending + "']").toString())
                .contains(receipt.path("transactionHash").asText());
        assertThat(rpc.call("eth_uninstallFilter", "['" + logs + "']").asBoolean())
                .isTrue();
        assertThat(rpc.call("eth_uninstallFilter", "['" + logs + "']").asBoolean())
                .isFalse();
        assertThat(rpc.errorCode("eth_getFilterChanges", "['" + logs + "']")).isEqualTo(-32000);
        assertThat(rpc.errorCode("eth_getFilterLogs", "['" + blocks + "']")).isEqualTo(-32000);
    }

    @Test
    void a_log_query_over_too_many_blocks_is_refused() throws Exception {
        rpc.call("hardhat_mine", "['0x80']");
        assertThat(rpc.errorCode("eth_getLogs", "[{'fromBlock':'0x0','toBlock':'latest'}]"))
                .isEqualTo(-32005);
        assertThat(rpc.errorCode("eth_getLogs", "[{'fromBlock':'0x9','toBlock':'0x1'}]"))
                .isEqualTo(-32602);
    }

    @Test
    void the_sample_model_is_listed_with_its_price() throws Exception {
        JsonNode models = rpc.call("model_list", "[]");
        assertThat(models).hasSize(1);
        String id = models.get(0).path("modelId").asText();
        assertThat(models.get(0).path("status").asText()).isEqualTo("active");
        assertThat(rpc.call("model_get", "['" + id + "']")).isEqualTo(models.get(0));
        assertThat(rpc.call("model_get", "['" + MISSING_HASH + "']").isNull()).isTrue();
        JsonNode price = rpc.call("model_estimateGas", "['" + id + "',2]");
        assertThat(Long.decode(price.path("cold").asText()))
                .isGreaterThan(Long.decode(price.path("warm").asText()));
        assertThat(rpc.errorCode("model_estimateGas", "['" + MISSING_HASH + "']"))
                .isEqualTo(-32001);
        assertThat(rpc.errorCode("model_estimateGas", "['" + id + "',100000]")).isEqualTo(-32602);
        assertThat(rpc.error("model_publish", "['0x00']").path("message").asText())
                .contains("model");
        assertThat(rpc.errorCode("inference_getSteps", "['" + MISSING_HASH + "','0x0']"))
                .isEqualTo(-32001);
        assertThat(rpc.call("inference_getReceipts", "['latest']")).isEmpty();
    }

    @Test
    void a_model_arrives_in_pieces_and_the_registry_says_why_it_refuses_one() throws Exception {
        GraphBuilder graph = new GraphBuilder(Address.ZERO, 1);
        int input = graph.input(new GraphInput(TensorType.INT8, Shape.of(1, 4), -128, 127, Scale.ONE, 0));
        graph.output(graph.node(new Clamp(0, 9), input), Scale.ONE, 0);
        String file = Bytes.wrap(ModelWriter.write(graph.build())).toHexString();
        int bytes = (file.length() - 2) / 2;
        String id = rpc.text("model_beginUpload", "['0x" + Integer.toHexString(bytes) + "']");
        String upload = "['" + id + "']";
        assertThat(rpc.errorCode("model_publishUpload", upload)).isEqualTo(-32602);
        assertThat(rpc.number("model_appendUpload", "['" + id + "','0x0','" + file.substring(0, 102) + "']"))
                .isEqualTo(50);
        String rest = "['" + id + "','0x32','0x" + file.substring(102) + "']";
        assertThat(rpc.number("model_appendUpload", rest)).isEqualTo(bytes);
        JsonNode refusal = rpc.error("model_publishUpload", upload);
        assertThat(refusal.path("code").asInt()).isEqualTo(3);
        assertThat(refusal.path("message").asText()).contains("NoAuthor()", "--author");
        assertThat(rpc.errorCode("model_publishUpload", upload)).isEqualTo(-32001);
        assertThat(rpc.errorCode("model_beginUpload", "['0x7fffffffffff']")).isEqualTo(-32602);
    }

    @Test
    void any_parameters_end_in_a_result_or_a_json_rpc_error() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<String> methods = List.of(
                "eth_call",
                "eth_estimateGas",
                "eth_getLogs",
                "eth_getBlockByNumber",
                "eth_feeHistory",
                "eth_sendRawTransaction",
                "eth_getProof",
                "debug_traceCall",
                "eth_createAccessList",
                "eth_newFilter");
        List<String> pieces = List.of(
                "null",
                "true",
                "1",
                "-1",
                "1e400",
                "'0x'",
                "'0x0'",
                "'latest'",
                "'pending'",
                "{}",
                "[]",
                "{'to':'" + BOB + "'}",
                "{'from':5}",
                "{'data':'0x60'}",
                "{'blockHash':'0x'}",
                "[[[]]]",
                "{'fromBlock':'0x0','topics':[[null]]}",
                "'0x" + "f".repeat(64) + "'",
                "{'gas':'0x7fffffffffffffff'}");
        for (int i = 0; i < 300; i++) {
            StringBuilder params = new StringBuilder("[");
            for (int count = random.nextInt(4); count > 0; count--) {
                params.append(pieces.get(random.nextInt(pieces.size()))).append(count > 1 ? "," : "");
            }
            String method = methods.get(random.nextInt(methods.size()));
            JsonNode answer = rpc.answer(method, params + "]");
            assertThat(answer.has("result") || answer.path("error").path("code").asInt() != -32603)
                    .as("seed %d: %s%s] → %s", seed, method, params, answer)
                    .isTrue();
        }
    }
}
