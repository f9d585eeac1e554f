package io.engram.genesis.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Corpora;
import io.engram.genesis.Hash;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifficultyTest {

    /** Blocks 1 and 2 of Ethereum's main network. */
    @Test
    void theFirstBlocksOfTheMainNetworkHaveTheirKnownDifficulty() {
        assertThat(Difficulty.next(Fork.FRONTIER, 0, 1, 1_438_269_988L, UInt256.valueOf(0x400000000L), 0, false))
                .isEqualTo(UInt256.valueOf(0x3ff800000L));
        assertThat(Difficulty.next(
                        Fork.FRONTIER, 0, 2, 1_438_270_017L, UInt256.valueOf(0x3ff800000L), 1_438_269_988L, false))
                .isEqualTo(UInt256.valueOf(0x3ff001000L));
    }

    @Test
    void itNeverFallsBelowTheMinimumAndTheBombGrows() {
        UInt256 minimum = UInt256.valueOf(131_072);
        assertThat(Difficulty.next(Fork.HOMESTEAD, 0, 5, 10_000, minimum, 1, false))
                .isEqualTo(minimum);
        assertThat(Difficulty.next(Fork.HOMESTEAD, 0, 400_000, 16, minimum, 1, false))
                .isEqualTo(UInt256.valueOf(131_072 + 4));
        assertThat(Difficulty.next(Fork.BYZANTIUM, 3_000_000, 3_400_000, 10, minimum, 1, false))
                .isEqualTo(UInt256.valueOf(131_072 + 4));
    }

    @Test
    void aBlockEarlierThanItsParentHasNone() {
        assertThatThrownBy(() -> Difficulty.next(Fork.FRONTIER, 0, 1, 4, UInt256.ONE, 5, false))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void theDifficultyTestsPass() throws Exception {
        Path root = Corpora.require("ethereum-basic-tests/DifficultyTests");
        Map<String, Rules> rules = Map.of(
                "Frontier", new Rules(Fork.FRONTIER, 0),
                "Homestead", new Rules(Fork.HOMESTEAD, 0),
                "Byzantium", new Rules(Fork.BYZANTIUM, 3_000_000),
                "Constantinople", new Rules(Fork.CONSTANTINOPLE, 5_000_000),
                "Berlin", new Rules(Fork.BERLIN, 9_000_000),
                "London", new Rules(Fork.LONDON, 9_700_000),
                "ArrowGlacier", new Rules(Fork.LONDON, 10_700_000),
                "GrayGlacier", new Rules(Fork.LONDON, 11_400_000));
        int passed = 0;
        for (Path file : Corpora.jsonFiles(root)) {
            JsonNode test =
                    new ObjectMapper().readTree(file.toFile()).iterator().next();
            for (Map.Entry<String, JsonNode> network : test.properties()) {
                if (network.getKey().startsWith("_")) {
                    continue;
                }
                Rules rule = rules.get(network.getKey());
                assertThat(rule).as(network.getKey()).isNotNull();
                for (Map.Entry<String, JsonNode> entry : network.getValue().properties()) {
                    JsonNode one = entry.getValue();
                    UInt256 difficulty = Difficulty.next(
                            rule.fork(),
                            rule.bombDelay(),
                            number(one, "currentBlockNumber").longValueExact(),
                            number(one, "currentTimestamp").longValueExact(),
                            UInt256.valueOf(number(one, "parentDifficulty")),
                            number(one, "parentTimestamp").longValueExact(),
                            number(one, "parentUncles").signum() != 0);
                    assertThat(difficulty.toUnsignedBigInteger())
                            .as(file.getFileName() + " " + entry.getKey())
                            .isEqualTo(number(one, "currentDifficulty"));
                    passed++;
                }
            }
        }
        System.out.println("DifficultyTests: " + passed + " passed, 0 failed");
        assertThat(passed).isPositive();
    }

    /** @param network whose forks the blocks have, or the fork of all blocks */
    @ParameterizedTest
    @CsvSource({
        "legacy-state-tests/BasicTests/difficultyFrontier.json, FRONTIER, 2254",
        "legacy-state-tests/BasicTests/difficultyHomestead.json, HOMESTEAD, 2254",
        "legacy-state-tests/BasicTests/difficultyByzantium.json, BYZANTIUM, 2254",
        "legacy-state-tests/BasicTests/difficultyConstantinople.json, CONSTANTINOPLE, 2254",
        "legacy-state-tests/BasicTests/difficultyEIP2384.json, ISTANBUL, 2254",
        "legacy-state-tests/BasicTests/difficultyEIP2384_random_to20M.json, ISTANBUL, 1000",
        "ethereum-basic-tests/BasicTests/difficulty.json, main, 14",
        "ethereum-basic-tests/BasicTests/difficultyMainNetwork.json, main, 2254",
        "ethereum-basic-tests/BasicTests/difficultyCustomMainNetwork.json, main, 360",
        "ethereum-basic-tests/BasicTests/difficultyRopsten.json, Ropsten, 2254",
        "ethereum-basic-tests/BasicTests/difficultyCustomHomestead.json, HOMESTEAD, 120"
    })
    void theOlderDifficultyTestsPass(String path, String network, int tests) throws Exception {
        BigInteger noOmmers = Hash.EMPTY_LIST.toBytes().toUnsignedBigInteger();
        int passed = 0;
        for (Map.Entry<String, JsonNode> entry :
                new ObjectMapper().readTree(Corpora.require(path).toFile()).properties()) {
            JsonNode one = entry.getValue();
            long number = number(one, "currentBlockNumber").longValueExact();
            Rules rules = rules(network, number);
            BigInteger ommers = one.has("parentUncles") ? number(one, "parentUncles") : noOmmers;
            UInt256 difficulty = Difficulty.next(
                    rules.fork(),
                    rules.bombDelay(),
                    number,
                    // Some of these times have 64 bits, but lie close together.
                    number(one, "currentTimestamp").longValue(),
                    UInt256.valueOf(number(one, "parentDifficulty")),
                    number(one, "parentTimestamp").longValue(),
                    ommers.signum() != 0 && !ommers.equals(noOmmers));
            assertThat(difficulty.toUnsignedBigInteger())
                    .as(path + " " + entry.getKey())
                    .isEqualTo(number(one, "currentDifficulty"));
            passed++;
        }
        System.out.println(path + ": " + passed + " passed, 0 failed");
        assertThat(passed).isEqualTo(tests);
    }

    /** The main and the Ropsten network as far as these files reach. */
    private static Rules rules(String network, long number) {
        Fork fork = switch (network) {
            case "main" -> number >= 4_370_000 ? Fork.BYZANTIUM : number >= 1_150_000 ? Fork.HOMESTEAD : Fork.FRONTIER;
            case "Ropsten" ->
                number >= 4_230_000 ? Fork.CONSTANTINOPLE : number >= 1_700_000 ? Fork.BYZANTIUM : Fork.HOMESTEAD;
            default -> Fork.valueOf(network);
        };
        return BY_FORK.getOrDefault(fork, new Rules(Fork.FRONTIER, 0));
    }

    private static final Map<Fork, Rules> BY_FORK = Map.of(
            Fork.HOMESTEAD, new Rules(Fork.HOMESTEAD, 0),
            Fork.BYZANTIUM, new Rules(Fork.BYZANTIUM, 3_000_000),
            Fork.CONSTANTINOPLE, new Rules(Fork.CONSTANTINOPLE, 5_000_000),
            Fork.ISTANBUL, new Rules(Fork.ISTANBUL, 9_000_000));

    private record Rules(Fork fork, long bombDelay) {}

    private static BigInteger number(JsonNode test, String field) {
        String text = test.required(field).asText();
        return text.startsWith("0x") ? Bytes.fromHexStringLenient(text).toUnsignedBigInteger() : new BigInteger(text);
    }
}
