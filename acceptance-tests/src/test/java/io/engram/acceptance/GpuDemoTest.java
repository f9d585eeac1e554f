package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demonstration with one validator on a GPU in software, whole and failing half-way: it reaches the blocks of the
 * validators on processors either way.
 */
class GpuDemoTest {

    private static final Path DEVICE = Engram.ROOT.resolve("inference-opcodes/target/cuda-device");
    private static final int VALIDATORS = 4;

    @TempDir
    Path folder;

    @BeforeEach
    void requireDevice() {
        assumeTrue(Files.exists(DEVICE.resolve("libcuda.so.1")), "no test device: it needs a C++ compiler");
    }

    /** What the report says of each validator. */
    private List<JsonNode> demo(String failure) throws Exception {
        Path file = folder.resolve("report.json");
        Engram.Result result = Engram.run(
                Map.of("LD_LIBRARY_PATH", DEVICE.toString(), "ENGRAM_TEST_DEVICE", failure),
                "demo",
                "--images=3",
                "--inference-backend=cuda",
                "--json=" + file);
        assertThat(result.status()).as(result.output()).isZero();
        JsonNode report = new ObjectMapper().readTree(file.toFile());
        List<JsonNode> validators = new ArrayList<>();
        report.path("validators").forEach(validators::add);
        assertThat(validators)
                .hasSize(VALIDATORS)
                .allMatch(validator -> validator.path("headHash").equals(report.path("headHash")));
        return validators;
    }

    @Test
    void aGpuComputesTheChain() throws Exception {
        assertThat(demo("devices=1"))
                .noneMatch(validator -> validator.has("backendFault"))
                .extracting(validator -> validator.path("backend").asText())
                .containsExactlyInAnyOrder("cuda", "reference", "reference", "reference");
    }

    @Test
    void aGpuThatFailsHalfWayLeavesTheChainWhole() throws Exception {
        // The self-test takes 252 launches, an image twelve: the second of three.
        assertThat(demo("devices=1,launch=270"))
                .noneMatch(validator -> validator.path("backend").asText().equals("cuda"))
                .filteredOn(validator -> validator.has("backendFault"))
                .singleElement()
                .extracting(validator -> validator.path("backendFault").asText())
                .asString()
                .contains("the cuda back end is not trusted any more", "CUDA_ERROR_LAUNCH_FAILED");
    }
}
