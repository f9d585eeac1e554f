package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.storage.Database;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {

    private static final int KILLS = 5;
    private static final int LONGEST_RUN_STEPS = 150;

    @TempDir
    private Path directory;

    @Test
    void after_a_kill_at_any_instant_the_head_is_the_last_one_or_the_one_being_written_and_all_of_it_is_there()
            throws Exception {
        long seed = System.nanoTime();
        try {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            for (int kill = 0; kill < KILLS; kill++) {
                long last = runAndKill(random);
                try (Database database = Database.open(directory.resolve("database"))) {
                    RocksChainStore store = AppendingProcess.open(database);
                    long head = store.head().number();
                    assertThat(head).isIn(last, last + 1, last - AppendingProcess.REWIND_BY);
                    StoredChainCheck.check(
                            database, store, store.head().header().stateRoot());
                }
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** The head that the process told last; it is killed at once after a random number of steps and microseconds. */
    private long runAndKill(RandomGenerator random) throws IOException, InterruptedException {
        Process process = start(random.nextLong());
        int steps = 1 + random.nextInt(LONGEST_RUN_STEPS);
        long last = -1;
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (int i = 0; i < steps; i++) {
                last = next(lines).orElseThrow(() -> new AssertionError("the process ended by itself: " + errors()));
            }
            Thread.sleep(0, random.nextInt(900_000));
            // Through the handle, which sends SIGKILL too but leaves open what the process told before it died.
            assertThat(process.toHandle().destroyForcibly()).isTrue();
            for (Optional<Long> more = next(lines); more.isPresent(); more = next(lines)) {
                last = more.get();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return last;
    }

    private Process start(long seed) throws IOException {
        // The native library is unpacked below the temporary directory, as a killed process cannot delete it.
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                AppendingProcess.class.getName(),
                directory.resolve("database").toString(),
                Long.toString(seed)));
        return new ProcessBuilder(command).redirectError(errorFile()).start();
    }

    /** Absent at the end of the output, and for a line that the kill cut off. */
    private static Optional<Long> next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        return line == null || line.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(line));
    }

    private File errorFile() {
        return directory.resolve("errors.txt").toFile();
    }

    private String errors() {
        try {
            return Files.readString(errorFile().toPath());
        } catch (IOException e) {
            return "and its errors cannot be read: " + e.getMessage();
        }
    }
}
