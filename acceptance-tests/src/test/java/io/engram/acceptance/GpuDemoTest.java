package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demonstration on a GPU in software, whole and failing half-way: the second node agrees either way. */
class GpuDemoTest {

    private static final Path DEVICE = Engram.ROOT.resolve("inference-opcodes/target/cuda-device");

    @BeforeEach
    void requireDevice() {
        assumeTrue(Files.exists(DEVICE.resolve("libcuda.so.1")), "no test device: it needs a C++ compiler");
    }

    private static String demo(String failure) throws Exception {
        Engram.Result result = Engram.run(
                Map.of("LD_LIBRARY_PATH", DEVICE.toString(), "ENGRAM_TEST_DEVICE", failure),
                "demo",
                "--images=4",
                "--inference-backend=cuda");
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    @Test
    void aGpuComputesTheChain() throws Exception {
        assertThat(demo("")).doesNotContain("not used any more", "No GPU");
    }

    @Test
    void aGpuThatFailsHalfWayLeavesTheChainWhole() throws Exception {
        // The self-test takes some forty launches, an image about as many as the network has steps.
        assertThat(demo("devices=1,launch=70")).contains("GPU 0 (Engram test device 0) is not used any more");
    }
}
