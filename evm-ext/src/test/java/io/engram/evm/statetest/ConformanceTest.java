package io.engram.evm.statetest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.engram.evm.tracer.StructLogTracer;
import io.engram.evm.tracer.Tracer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ethereum's public state tests, from the folder that the system property {@code engram.corpora} names. */
class ConformanceTest {

    /** Of each corpus at least this many cases must have been found, so that an empty folder is no success. */
    private static final int LEAST = 100;

    private static Path corpus(String name) {
        String folder = System.getProperty("engram.corpora", "");
        assumeTrue(!folder.isEmpty(), "the system property engram.corpora is not set");
        Path corpus = Path.of(folder, name.split("/"));
        assumeTrue(Files.isDirectory(corpus), corpus + " is absent");
        return corpus;
    }

    private static void run(String name, int every) {
        StateTestRunner runner = new StateTestRunner();
        List<Path> files = StateTestRunner.files(corpus(name));
        for (int i = 0; i < files.size(); i += every) {
            runner.run(files.get(i), "");
        }
        System.out.println(name + "\n" + runner.summary());
        assertThat(runner.failures()).isEmpty();
        assertThat(runner.total()[1]).isGreaterThan(LEAST);
    }

    @ParameterizedTest
    @CsvSource({
        "ethereum-state-tests, 17",
        "eest-state-tests, 3",
        "eest-static-state-tests, 17",
        "legacy-state-tests/Constantinople/GeneralStateTests, 37",
        "legacy-state-tests/Cancun/GeneralStateTests, 37"
    })
    void a_fixed_sample_passes(String corpus, int every) {
        run(corpus, every);
    }

    @Test
    void tracing_every_step_changes_no_result() {
        List<String> wrong = new ArrayList<>();
        long[] steps = new long[1];
        List<Path> files = StateTestRunner.files(corpus("eest-state-tests"));
        for (int i = 0; i < files.size(); i += 19) {
            for (StateTest test : StateTestRunner.read(files.get(i))) {
                Tracer tracer =
                        new StructLogTracer(new StructLogTracer.Options(true, false, true, true), log -> steps[0]++);
                test.run(tracer).ifPresent(wrong::add);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(steps[0]).isGreaterThan(LEAST);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ethereum-state-tests",
                "eest-state-tests",
                "eest-static-state-tests",
                "legacy-state-tests/Constantinople/GeneralStateTests",
                "legacy-state-tests/Cancun/GeneralStateTests"
            })
    void every_case_passes(String corpus) {
        run(corpus, 1);
    }
}
