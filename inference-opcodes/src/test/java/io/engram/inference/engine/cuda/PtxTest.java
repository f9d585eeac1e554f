package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PTX that is shipped is that of the sources, integers only, and takes the records that Java writes. */
class PtxTest {

    private static final Path SOURCES =
            Path.of(System.getProperty("engram.root", ".."), "inference-opcodes/src/main/cuda");
    private static final String PINNED = "release 13.0";
    private static final Pattern RECORD = Pattern.compile("(\\w+)_param_1\\[(\\d+)]");
    private static final int LONG_LIMIT_SECONDS = 120;

    private static String text(String tier) throws IOException {
        return new String(CudaDevice.ptx(tier), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dp4a", "mma"})
    void itWasMadeFromTheseSources(String tier) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String end : List.of(".cuh", ".cu")) {
            try (Stream<Path> files = Files.list(SOURCES)) {
                for (Path file : files.filter(file -> file.toString().endsWith(end))
                        .sorted()
                        .toList()) {
                    all.writeBytes(Files.readAllBytes(file));
                }
            }
        }
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.toByteArray()));
        assertThat(text(tier).lines().findFirst())
                .as("run inference-opcodes/src/main/cuda/build after a change of the kernels")
                .contains("// source " + hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dp4a", "mma"})
    void itHasNoFloatingPoint(String tier) throws Exception {
        assertThat(text(tier)).doesNotContainPattern("\\.(f16|f32|f64|bf16|tf32)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dp4a", "mma"})
    void recordsAreAsLongAsTheKernelsExpect(String tier) throws Exception {
        Matcher records = RECORD.matcher(text(tier));
        int seen = 0;
        while (records.find()) {
            Kernel kernel = Kernel.valueOf(records.group(1).toUpperCase(java.util.Locale.ROOT));
            assertThat(Integer.parseInt(records.group(2)))
                    .as(kernel.entry())
                    .isEqualTo(kernel.fields() * Integer.BYTES);
            seen++;
        }
        assertThat(seen).isGreaterThanOrEqualTo(Kernel.values().length);
    }

    @Test
    void thePinnedCompilerMakesTheSameBytes(@TempDir Path folder) throws Exception {
        assumeTrue(output("nvcc", "--version").contains(PINNED), "needs nvcc 13.0");
        assertThat(output("sh", SOURCES.resolve("build").toString(), folder.toString()))
                .isEmpty();
        for (String tier : List.of("dp4a", "mma")) {
            assertThat(Files.readString(folder.resolve(tier + ".ptx"))).isEqualTo(text(tier));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dp4a 75", "dp4a 120", "mma 80", "mma 86", "mma 89", "mma 90", "mma 100", "mma 120"})
    void theAssemblerTakesIt(String tierAndArchitecture, @TempDir Path folder) throws Exception {
        assumeTrue(output("ptxas", "--version").contains(PINNED), "needs ptxas 13.0");
        String[] words = tierAndArchitecture.split(" ", -1);
        Path file = folder.resolve("kernels.ptx");
        Files.writeString(file, text(words[0]));
        assertThat(output(
                        "ptxas",
                        "-arch=sm_" + words[1],
                        "-o",
                        folder.resolve("out").toString(),
                        file.toString()))
                .isEmpty();
    }

    /** What a program says; empty when there is no such program. */
    private static String output(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException _) {
            return "";
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LONG_LIMIT_SECONDS, java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
        return said;
    }
}
