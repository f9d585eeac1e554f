package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that the documentation shows run from beginning to end. */
class ExamplesTest {

    private static final Path EXAMPLES = Engram.ROOT.resolve("acceptance-tests/examples");

    @Test
    @Tag("long")
    void sentencesAreComparedOnChain(@TempDir Path work) throws IOException, InterruptedException {
        assumeTrue(
                Engram.finish(new ProcessBuilder("npm", "--version"), Duration.ofSeconds(30))
                                .status()
                        == 0,
                "Node.js and npm are needed");
        ProcessBuilder example =
                new ProcessBuilder(List.of(EXAMPLES.resolve("sentences/run.sh").toString(), work.toString()));
        example.environment().put("ENGRAM_NO_BUILD", "1");
        Engram.Result result = Engram.finish(example, Duration.ofMinutes(9));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("similarity on chain");
    }
}
