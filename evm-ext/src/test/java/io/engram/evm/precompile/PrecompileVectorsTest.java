package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.fork.Fork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every contract against the public vectors of go-ethereum, Besu and c-kzg-4844. */
class PrecompileVectorsTest {

    /** Gas from which on a vector is left to the long tests. */
    private static final long MUCH = 100_000_000;

    @ParameterizedTest
    @CsvSource({
        "ecRecover, 1, FRONTIER",
        "modexp, 5, BYZANTIUM",
        "modexp_eip2565, 5, BERLIN",
        "modexp_eip7883, 5, OSAKA",
        "bn256Add, 6, ISTANBUL",
        "bn256ScalarMul, 7, ISTANBUL",
        "bn256Pairing, 8, ISTANBUL",
        "blake2F, 9, ISTANBUL",
        "fail-blake2f, 9, ISTANBUL",
        "pointEvaluation, 10, CANCUN",
        "blsG1Add, 11, PRAGUE",
        "fail-blsG1Add, 11, PRAGUE",
        "blsG1Mul, 12, PRAGUE",
        "fail-blsG1Mul, 12, PRAGUE",
        "blsG1MultiExp, 12, PRAGUE",
        "fail-blsG1MultiExp, 12, PRAGUE",
        "blsG2Add, 13, PRAGUE",
        "fail-blsG2Add, 13, PRAGUE",
        "blsG2Mul, 14, PRAGUE",
        "fail-blsG2Mul, 14, PRAGUE",
        "blsG2MultiExp, 14, PRAGUE",
        "fail-blsG2MultiExp, 14, PRAGUE",
        "blsPairing, 15, PRAGUE",
        "fail-blsPairing, 15, PRAGUE",
        "blsMapG1, 16, PRAGUE",
        "fail-blsMapG1, 16, PRAGUE",
        "blsMapG2, 17, PRAGUE",
        "fail-blsMapG2, 17, PRAGUE",
        "p256Verify, 256, OSAKA",
    })
    void agreesWithGoEthereum(String file, int address, Fork fork) {
        Path path = Vector.corpus().resolve("go-ethereum/precompiles/" + file + ".json");
        checkAll(Vector.json(path), Vector.contract(address, fork));
    }

    @ParameterizedTest
    @CsvSource({
        "g1_add, 11",
        "g1_mul, 12",
        "g1_multiexp, 12",
        "g2_add, 13",
        "g2_mul, 14",
        "g2_multiexp, 14",
        "pairing, 15",
        "invalid_subgroup_for_pairing, 15",
        "fp_to_g1, 16",
        "fp2_to_g2, 17",
        "eip152TestCases, 9",
    })
    void agreesWithBesu(String file, int address) {
        Path path = Vector.corpus().resolve("besu/" + file + ".csv");
        Precompile contract = Vector.contract(address, Fork.PRAGUE);
        checkAll(
                Vector.csv(path).stream()
                        .filter(vector -> contract.gas(vector.input()) < MUCH)
                        .toList(),
                contract);
    }

    /** 2^32 - 1 rounds: minutes of work, for 4.3 billion gas. */
    @Test
    @Tag("long")
    @Tag("conformance")
    void agreesWithBesuOnTheMostRoundsThatBlake2FCanHave() {
        Precompile contract = Vector.contract(9, Fork.PRAGUE);
        checkAll(
                Vector.csv(Vector.corpus().resolve("besu/eip152TestCases.csv")).stream()
                        .filter(vector -> contract.gas(vector.input()) >= MUCH)
                        .toList(),
                contract);
    }

    @Test
    void verifiesP256AsBesuDoes() {
        Path path = Vector.corpus().resolve("besu/p256verify_test_vectors.json");
        // the file is older than the price of EIP-7951
        List<Vector> unpriced = Vector.json(path).stream()
                .map(vector -> new Vector(vector.name(), vector.input(), vector.output(), OptionalLong.empty()))
                .toList();
        checkAll(unpriced, Vector.contract(0x100, Fork.OSAKA));
    }

    @Test
    void evaluatesPointsAsBesuDoes() throws IOException {
        Path path = Vector.corpus().resolve("besu/pointEvaluationPrecompile.json");
        JsonNode root = new ObjectMapper().readTree(path.toFile());
        byte[] success = Vector.bytes(root.path("PrecompileReturnValue").asText());
        int checked = 0;
        for (JsonNode node : root.path("TestCases")) {
            Optional<byte[]> expected = node.path("Valid").asBoolean() ? Optional.of(success) : Optional.empty();
            new Vector("case " + checked, Vector.bytes(node.path("Input").asText()), expected, OptionalLong.of(50_000))
                    .check(Vector.contract(0x0a, Fork.CANCUN));
            checked++;
        }
        assertThat(checked).isPositive();
    }

    @Test
    void evaluatesPointsAsTheReferenceLibraryDoes() throws IOException {
        Path folder = Vector.corpus().resolve("c-kzg-4844/verify_kzg_proof");
        Precompile contract = Vector.contract(0x0a, Fork.CANCUN);
        int checked = 0;
        List<Path> cases;
        try (Stream<Path> paths = Files.list(folder)) {
            cases = paths.sorted().toList();
        }
        for (Path path : cases) {
            Map<String, String> fields = new HashMap<>();
            for (String line : Files.readAllLines(path.resolve("data.yaml"))) {
                String[] parts = line.strip().split(":", 2);
                fields.put(parts[0], parts.length > 1 ? parts[1].strip().replaceAll("['\"]", "") : "");
            }
            byte[] input = input(
                    Vector.bytes(fields.getOrDefault("commitment", "")),
                    Vector.bytes(fields.getOrDefault("z", "")),
                    Vector.bytes(fields.getOrDefault("y", "")),
                    Vector.bytes(fields.getOrDefault("proof", "")));
            assertThat(contract.run(input).isPresent())
                    .as(path.getFileName().toString())
                    .isEqualTo("true".equals(fields.get("output")));
            checked++;
        }
        assertThat(checked).isGreaterThan(100);
    }

    private static byte[] input(byte[] commitment, byte[] z, byte[] y, byte[] proof) {
        byte[] hash = Sha256.digest().digest(commitment);
        hash[0] = 1;
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes(hash);
        input.writeBytes(z);
        input.writeBytes(y);
        input.writeBytes(commitment);
        input.writeBytes(proof);
        return input.toByteArray();
    }

    private static void checkAll(List<Vector> vectors, Precompile contract) {
        assertThat(vectors).isNotEmpty();
        for (Vector vector : vectors) {
            vector.check(contract);
        }
    }
}
