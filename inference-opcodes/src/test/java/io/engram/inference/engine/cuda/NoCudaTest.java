package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Machines without a driver, without a device and with an old driver, each in a JVM of its own. */
class NoCudaTest {

    private static final Path DEVICE = Path.of(System.getProperty("engram.cuda.device", "none"));
    private static final String COMPUTED = "computed by ";

    /** What runs in the other JVM: an inference with the choice that the argument names, once that is settled. */
    public static final class Probe {
        public static void main(String[] arguments) throws InterruptedException {
            Model model = TestGraphs.model(TestGraphs.convolutional(8, 1, 1));
            ((Logger) LoggerFactory.getLogger(Backends.class)).setLevel(Level.INFO);
            Backend backend = Backends.ofKey(arguments[0]).open(1);
            backend.awaitTested();
            InferenceEngine engine = new InferenceEngine(backend, 0);
            byte[] output = engine.run(model, new byte[model.facts().inputBytes()])
                    .getFirst()
                    .output();
            System.out.println(COMPUTED + engine.backend().name() + " " + output.length);
            System.exit(0);
        }
    }

    @TempDir
    Path unpacked;

    private List<String> run(Backends choice, String path, String device) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.javacpp.cachedir=" + unpacked,
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                choice.key()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LD_LIBRARY_PATH", path);
        builder.environment().put("ENGRAM_TEST_DEVICE", device);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().toList();
    }

    private static void expect(List<String> said, String reason) {
        assertThat(said).anyMatch(line -> line.startsWith(COMPUTED) && !line.contains("cuda"));
        assertThat(said.stream().filter(line -> line.contains("GPU") || line.contains(reason)))
                .as("%s", said)
                .singleElement()
                .asString()
                .contains(reason);
        assertThat(said).noneMatch(line -> line.startsWith("\tat "));
    }

    private void expectNothingUnpacked() throws IOException {
        try (Stream<Path> files = Files.list(unpacked)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void withoutADriverTheProcessorComputes() throws Exception {
        expect(run(Backends.CUDA, "", ""), "no NVIDIA driver");
        expectNothingUnpacked();
    }

    @Test
    void withoutADriverAutoDoesNotLookForDevices() throws Exception {
        expect(run(Backends.AUTO, "", ""), "no NVIDIA driver");
        expectNothingUnpacked();
    }

    @Test
    void withoutADeviceTheProcessorComputes() throws Exception {
        requireDevice();
        expect(run(Backends.CUDA, DEVICE.toString(), "devices=0"), "CUDA_ERROR_NO_DEVICE");
        expect(run(Backends.AUTO, DEVICE.toString(), "devices=0"), "CUDA_ERROR_NO_DEVICE");
    }

    @Test
    void withAnOldDriverTheProcessorComputes() throws Exception {
        requireDevice();
        expect(run(Backends.CUDA, DEVICE.toString(), "driver=9020"), "knows CUDA 9.2");
        expect(run(Backends.AUTO, DEVICE.toString(), "driver=9020"), "knows CUDA 9.2");
    }

    @Test
    void withADeviceItComputes() throws Exception {
        requireDevice();
        assertThat(run(Backends.CUDA, DEVICE.toString(), "")).anyMatch(line -> line.startsWith(COMPUTED + "cuda"));
    }

    @Test
    void autoTakesADevice() throws Exception {
        requireDevice();
        assertThat(run(Backends.AUTO, DEVICE.toString(), "devices=1"))
                .anyMatch(line -> line.startsWith(COMPUTED + "cuda"));
    }

    private static void requireDevice() {
        assumeTrue(Files.exists(DEVICE.resolve("libcuda.so.1")), "no test device: it needs a C++ compiler");
    }
}
