package io.engram.client.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.engram.client.chain.Transition;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transition tool against the blocks of the public tests: what it gives must be what their headers say. */
class TransitionToolTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LEAST = 10;

    private static final Transition.Observer NOBODY = new Transition.Observer() {
        @Override
        public Tracer before(int index, Transaction transaction) {
            return Tracer.NONE;
        }

        @Override
        public void after() {}
    };

    @ParameterizedTest
    @CsvSource({
        "eest-blockchain-tests/blockchain_tests/prague, -1",
        "eest-blockchain-tests/blockchain_tests/shanghai, -1",
        "ethereum-blockchain-tests/BlockchainTests/ValidBlocks/bcStateTests, -1",
        "legacy-blockchain-tests/Cancun/BlockchainTests/ValidBlocks/bcStateTests, 2"
    })
    void chained_calls_give_what_the_headers_of_valid_blocks_say(String name, int ether) throws Exception {
        String root = System.getProperty("engram.corpora", "");
        assumeTrue(!root.isEmpty(), "skipped: the system property engram.corpora is not set");
        Path corpus = Path.of(root, name.split("/"));
        assumeTrue(Files.exists(corpus), "skipped: " + name + " is absent from the folder engram.corpora");
        int blocks = 0;
        List<String> wrong = new ArrayList<>();
        for (Path file : ConformanceRun.files(List.of(corpus))) {
            for (var test : JSON.readTree(file.toFile()).properties()) {
                blocks += chain(test.getKey(), test.getValue(), ether, wrong);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(blocks).isGreaterThan(LEAST);
        System.out.println(name + ": " + blocks + " blocks through the transition tool");
    }

    /** The first valid blocks of a test, as far as they follow one another without ommers. */
    private static int chain(String name, JsonNode test, int ether, List<String> wrong) throws Exception {
        String network = test.path("network").asText();
        boolean merged = TestNetworks.fork(network)
                .map(fork -> fork.isAtLeast(Fork.PARIS))
                .orElse(false);
        if (network.contains("To") || merged != ether < 0 || !test.has("genesisRLP")) {
            return 0;
        }
        BlockHeader parent =
                BlockCodec.decode(Fields.bytes(test.path("genesisRLP"))).header();
        ObjectNode hashes = JsonNodeFactory.instance.objectNode();
        hashes.put("0", test.path("genesisBlockHeader").path("hash").asText());
        JsonNode alloc = test.path("pre");
        int count = 0;
        for (JsonNode entry : test.path("blocks")) {
            if (!entry.has("blockHeader")) {
                break;
            }
            Block block = BlockCodec.decode(Fields.bytes(entry.path("rlp")));
            if (block.header().number() != parent.number() + 1
                    || !block.body().ommers().isEmpty()
                    || !hashes.path(Long.toString(parent.number()))
                            .asText()
                            .equals(block.header().parentHash().toHex())) {
                break;
            }
            Bytes transactions = ToolOutput.body(block.body().transactions());
            long reward = merged ? -1 : rewardOf(network);
            TransitionTool.Result result = TransitionTool.run(
                    new TransitionTool.Request(
                            alloc,
                            env(entry, block.header(), parent, hashes),
                            TextNode.valueOf(transactions.toHexString()),
                            network,
                            1,
                            reward < 0 ? Optional.empty() : Optional.of(Wei.ofEther(reward))),
                    NOBODY);
            compare(name, entry.path("blockHeader"), result.result(), wrong);
            assertThat(result.body()).isEqualTo(transactions);
            alloc = result.alloc();
            parent = block.header();
            hashes.put(
                    Long.toString(parent.number()),
                    entry.path("blockHeader").path("hash").asText());
            count++;
        }
        return count;
    }

    private static long rewardOf(String network) {
        return switch (network) {
            case "Frontier", "Homestead", "EIP150", "EIP158" -> 5;
            case "Byzantium" -> 3;
            default -> 2;
        };
    }

    private static ObjectNode env(JsonNode entry, BlockHeader header, BlockHeader parent, ObjectNode hashes) {
        JsonNode stated = entry.path("blockHeader");
        ObjectNode env = JsonNodeFactory.instance.objectNode();
        env.put("currentCoinbase", header.coinbase().toHex());
        env.put("currentGasLimit", Long.toString(header.gasLimit()));
        env.put("currentNumber", Long.toString(header.number()));
        env.put("currentTimestamp", Long.toUnsignedString(header.timestamp()));
        env.put("currentRandom", header.mixHash().toHex());
        env.put("parentDifficulty", parent.difficulty().toQuantityHexString());
        env.put("parentTimestamp", Long.toUnsignedString(parent.timestamp()));
        env.put("parentUncleHash", parent.ommersHash().toHex());
        parent.baseFee().ifPresent(fee -> env.put("parentBaseFee", fee.value().toQuantityHexString()));
        env.put("parentGasUsed", Long.toString(parent.gasUsed()));
        env.put("parentGasLimit", Long.toString(parent.gasLimit()));
        parent.excessBlobGas().ifPresent(excess -> env.put("parentExcessBlobGas", Long.toString(excess)));
        parent.blobGasUsed().ifPresent(used -> env.put("parentBlobGasUsed", Long.toString(used)));
        header.parentBeaconBlockRoot().ifPresent(root -> env.put("parentBeaconBlockRoot", root.toHex()));
        if (stated.has("withdrawalsRoot")) {
            env.set("withdrawals", entry.path("withdrawals"));
        }
        env.set("blockHashes", hashes.deepCopy());
        return env;
    }

    private static void compare(String name, JsonNode header, ObjectNode result, List<String> wrong) {
        String[][] pairs = {
            {"stateRoot", "stateRoot"},
            {"txRoot", "transactionsTrie"},
            {"receiptsRoot", "receiptTrie"},
            {"logsBloom", "bloom"},
            {"gasUsed", "gasUsed"},
            {"currentBaseFee", "baseFeePerGas"},
            {"withdrawalsRoot", "withdrawalsRoot"},
            {"currentExcessBlobGas", "excessBlobGas"},
            {"blobGasUsed", "blobGasUsed"},
            {"requestsHash", "requestsHash"}
        };
        for (String[] pair : pairs) {
            String actual = bare(result.path(pair[0]));
            String expected = bare(header.path(pair[1]));
            if (header.has(pair[1]) && !actual.equals(expected)) {
                wrong.add(name + ": " + pair[0] + " is " + actual + ", expected " + expected);
            }
        }
        if (result.has("rejected")) {
            wrong.add(name + ": " + result.path("rejected"));
        }
    }

    /** Without leading zeros, of which JSON of different origin has different numbers. */
    private static String bare(JsonNode hex) {
        return hex.asText().replaceFirst("^0x0*", "");
    }

    @Test
    void a_transaction_that_cannot_be_in_the_block_is_named_and_left_out() throws Exception {
        ObjectNode alloc = JsonNodeFactory.instance.objectNode();
        alloc.putObject("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf").put("balance", "0xde0b6b3a7640000");
        ObjectNode env = (ObjectNode) JSON.readTree("""
                {"currentCoinbase": "0x00000000000000000000000000000000000000aa", "currentDifficulty": "0x20000",
                 "currentGasLimit": "0x7a1200", "currentNumber": "1", "currentTimestamp": "1000",
                 "ommers": [{"delta": 1, "address": "0x00000000000000000000000000000000000000bb"}]}""");
        JsonNode transactions = JSON.readTree("""
                [{"nonce": "0x0", "gasPrice": "0x1", "gas": "0x5208", "value": "0x5", "input": "0x",
                  "to": "0x00000000000000000000000000000000000000cc", "v": "0x0", "r": "0x0", "s": "0x0",
                  "secretKey": "0x0000000000000000000000000000000000000000000000000000000000000001"},
                 {"nonce": "0x0", "gasPrice": "0x1", "gas": "0x5208", "value": "0x5", "input": "0x",
                  "to": "0x00000000000000000000000000000000000000cc", "v": "0x0", "r": "0x0", "s": "0x0",
                  "secretKey": "0x0000000000000000000000000000000000000000000000000000000000000001"}]""");
        TransitionTool.Result result = TransitionTool.run(
                new TransitionTool.Request(alloc, env, transactions, "Byzantium", 1, Optional.of(Wei.of(32))), NOBODY);
        assertThat(result.result().path("receipts")).hasSize(1);
        assertThat(result.result().path("rejected").path(0).path("index").asInt())
                .isEqualTo(1);
        assertThat(result.alloc()
                        .at("/0x00000000000000000000000000000000000000cc/balance")
                        .asText())
                .isEqualTo("0x5");
        assertThat(result.alloc()
                        .at("/0x00000000000000000000000000000000000000aa/balance")
                        .asText())
                .isEqualTo("0x" + Integer.toHexString(21_000 + 32 + 1));
        assertThat(result.alloc()
                        .at("/0x00000000000000000000000000000000000000bb/balance")
                        .asText())
                .isEqualTo("0x1c");
    }
}
