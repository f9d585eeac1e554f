package io.engram.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.interpreter.DecodedCodeCache;
import io.engram.evm.interpreter.FastInterpreter;
import io.engram.evm.interpreter.PlainInterpreter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvmBenchmarkTest {

    /** Returns 7 and 21. */
    private static final String CODE = "0x600760005260156020526040" + "6000f3";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private List<Workload> read(String text) throws IOException, Workload.MalformedException {
        return Workload.read(Files.writeString(folder.resolve("vectors.tsv"), text));
    }

    @Test
    void a_workload_is_measured_with_either_interpreter() throws Exception {
        List<Workload> workloads =
                read("# comment\n\nfirst\t3\t21\t0x7\t0x01\t" + CODE + "\nsecond\t3\t21\t7\t0x\t" + CODE + "\n");

        for (var interpreter : List.of(new PlainInterpreter(), new FastInterpreter(new DecodedCodeCache(1 << 20)))) {
            List<EvmBenchmark.Figure> figures = new EvmBenchmark(interpreter).measure(workloads, 1, 4);
            assertThat(figures).extracting(figure -> figure.workload().name()).containsExactly("first", "second");
            assertThat(figures).allSatisfy(figure -> {
                assertThat(figure.wall()).isBetween(figure.slowest(), figure.fastest());
                assertThat(figure.cpu()).isPositive();
            });
        }
    }

    @Test
    void a_run_with_other_gas_or_another_checksum_is_no_figure() throws Exception {
        EvmBenchmark benchmark = new EvmBenchmark(new PlainInterpreter());
        for (String expected : List.of("22\t0x7", "21\t0x8")) {
            List<Workload> workloads = read("first\t3\t" + expected + "\t0x01\t" + CODE);
            assertThatThrownBy(() -> benchmark.measure(workloads, 0, 1))
                    .isInstanceOf(EvmBenchmark.WrongResultException.class);
        }
        List<Workload> failing = read("first\t3\t21\t0x7\t0x01\t0xfe");
        assertThatThrownBy(() -> benchmark.measure(failing, 0, 1))
                .isInstanceOf(EvmBenchmark.WrongResultException.class);
    }

    @Test
    void a_malformed_line_is_named() {
        assertThatThrownBy(() -> read("first\t3\t21")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> read("\nfirst\tx\t21\t0\t0x\t0x")).hasMessageContaining("line 2");
        assertThatThrownBy(() -> read("first\t3\t21\t0\t0xzz\t0x")).hasMessageContaining("line 1");
    }
}
