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
    void aBlockNotLaterThanItsParentHasNone() {
        assertThatThrownBy(() -> Difficulty.next(Fork.FRONTIER, 0, 1, 5, UInt256.ONE, 5, false))
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

    @Test
    void theOlderDifficultyTestsPassWhereABlockIsLaterThanItsParent() throws Exception {
        Path root = Corpora.require("legacy-state-tests/BasicTests");
        Map<String, Rules> rules = Map.of(
                "difficultyFrontier.json", new Rules(Fork.FRONTIER, 0),
                "difficultyHomestead.json", new Rules(Fork.HOMESTEAD, 0),
                "difficultyByzantium.json", new Rules(Fork.BYZANTIUM, 3_000_000),
                "difficultyConstantinople.json", new Rules(Fork.CONSTANTINOPLE, 5_000_000),
                "difficultyEIP2384.json", new Rules(Fork.ISTANBUL, 9_000_000),
                "difficultyEIP2384_random_to20M.json", new Rules(Fork.ISTANBUL, 9_000_000));
        BigInteger noOmmers = Hash.EMPTY_LIST.toBytes().toUnsignedBigInteger();
        int passed = 0;
        int notLater = 0;
        for (Map.Entry<String, Rules> file : rules.entrySet()) {
            JsonNode tests =
                    new ObjectMapper().readTree(root.resolve(file.getKey()).toFile());
            for (Map.Entry<String, JsonNode> entry : tests.properties()) {
                JsonNode one = entry.getValue();
                long time = number(one, "currentTimestamp").longValueExact();
                long parentTime = number(one, "parentTimestamp").longValueExact();
                if (time <= parentTime) {
                    notLater++;
                    continue;
                }
                BigInteger ommers = number(one, "parentUncles");
                UInt256 difficulty = Difficulty.next(
                        file.getValue().fork(),
                        file.getValue().bombDelay(),
                        number(one, "currentBlockNumber").longValueExact(),
                        time,
                        UInt256.valueOf(number(one, "parentDifficulty")),
                        parentTime,
                        ommers.signum() != 0 && !ommers.equals(noOmmers));
                assertThat(difficulty.toUnsignedBigInteger())
                        .as(file.getKey() + " " + entry.getKey())
                        .isEqualTo(number(one, "currentDifficulty"));
                passed++;
            }
        }
        System.out.println("legacy difficulty tests: " + passed + " passed, 0 failed, skipped " + notLater
                + " (a block not later than its parent)");
        assertThat(passed).isPositive();
    }

    private record Rules(Fork fork, long bombDelay) {}

    private static BigInteger number(JsonNode test, String field) {
        String text = test.required(field).asText();
        return text.startsWith("0x") ? Bytes.fromHexStringLenient(text).toUnsignedBigInteger() : new BigInteger(text);
    }
}
