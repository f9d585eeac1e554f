package io.engram.evm.statetest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs the state tests of a folder and counts. */
public final class StateTestRunner {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, int[]> counts = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    /** Passed cases and all cases. */
    int[] total() {
        int[] total = new int[2];
        for (int[] count : counts.values()) {
            total[0] += count[0];
            total[1] += count[1];
        }
        return total;
    }

    /** What went wrong, a case an entry. */
    List<String> failures() {
        return failures;
    }

    /** Passed of all, by network. */
    String summary() {
        StringBuilder text = new StringBuilder();
        counts.forEach((network, count) -> text.append("%-20s %6d of %6d%n".formatted(network, count[0], count[1])));
        int[] total = total();
        return text.append("%-20s %6d of %6d%n".formatted("all", total[0], total[1]))
                .toString();
    }

    /** The test files below a folder, in order. */
    static List<Path> files(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cases of a file. */
    static List<StateTest> read(Path file) {
        try {
            return StateTest.all(MAPPER.readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run(Path file, String filter) {
        for (StateTest test : read(file)) {
            if (!test.name().contains(filter)) {
                continue;
            }
            int[] count = counts.computeIfAbsent(test.network(), network -> new int[2]);
            count[1]++;
            Optional<String> wrong = attempt(test);
            if (wrong.isEmpty()) {
                count[0]++;
            } else {
                failures.add(file + " " + test.name() + " " + test.network() + " "
                        + test.post().path("indexes") + "\n  " + wrong.get());
            }
        }
    }

    // A case that throws is a failed case, whatever it throws.
    @SuppressWarnings("CatchAndPrintStackTrace")
    private static Optional<String> attempt(StateTest test) {
        try {
            return test.run();
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            return Optional.of(e + (trace.length > 0 ? " at " + trace[0] : ""));
        }
    }

    /** Arguments: a folder or file, then optionally every how many files to run, then a part of the test names. */
    public static void main(String[] args) {
        StateTestRunner runner = new StateTestRunner();
        int every = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        List<Path> files = files(Path.of(args[0]));
        for (int i = 0; i < files.size(); i += every) {
            runner.run(files.get(i), args.length > 2 ? args[2] : "");
        }
        runner.failures.forEach(System.out::println);
        System.out.println(runner.summary());
    }
}
