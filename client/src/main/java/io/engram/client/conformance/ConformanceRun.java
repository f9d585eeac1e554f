package io.engram.client.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs the tests of files, several files at a time, and counts. */
public final class ConformanceRun {

    /** Characters of one JSON string: a block is a string. */
    private static final int MAX_STRING = 1 << 28;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_STRING).build())
            .build());

    /** Runs one test of a file. Called by several threads. */
    public interface TestRunner {

        /**
         * @param name file and name of the test, for people
         * @param results takes the result of each case
         */
        void run(String name, JsonNode test, Consumer<CaseResult> results);
    }

    private final Map<CaseResult.Status, Long> counts = new TreeMap<>();
    private final Map<String, Long> skips = new TreeMap<>();
    private final Consumer<CaseResult> listener;

    /** @param listener hears of each case, one at a time */
    public ConformanceRun(Consumer<CaseResult> listener) {
        this.listener = listener;
    }

    /** The JSON files among and below {@code paths}, in order. */
    public static List<Path> files(List<Path> paths) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            try (Stream<Path> found = Files.walk(path)) {
                found.filter(file -> Files.isRegularFile(file)
                                && (file.equals(path) || file.toString().endsWith(".json"))
                                && !file.toString().contains("/.meta/"))
                        .sorted()
                        .forEachOrdered(files::add);
            }
        }
        return files;
    }

    /**
     * Runs all tests of the files, the largest files first. A file that cannot be read to its end, or is not JSON, is a
     * failed case.
     *
     * @throws IOException when it is interrupted
     */
    public void run(List<Path> files, int threads, TestRunner runner) throws IOException {
        List<Path> ordered = new ArrayList<>(files);
        if (threads > 1) {
            ordered.sort(Comparator.comparingLong((Path file) -> file.toFile().length())
                    .reversed());
        }
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Path file : ordered) {
                running.add(executor.submit(() -> runFile(file, runner)));
            }
            for (Future<?> future : running) {
                await(future);
            }
        }
    }

    private static void await(Future<?> future) throws IOException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** One test at a time is in memory: some files are large. */
    private void runFile(Path file, TestRunner runner) {
        try (JsonParser in = JSON.createParser(file.toFile())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                report(CaseResult.skipped(file.toString(), "", "not a test: the file holds no JSON object"));
                return;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = file + " " + in.currentName();
                in.nextToken();
                runTest(name, JSON.readTree(in), runner);
            }
        } catch (JsonProcessingException e) {
            report(CaseResult.failed(file.toString(), "", "not JSON: " + e.getOriginalMessage(), Map.of()));
        } catch (IOException e) {
            report(CaseResult.failed(file.toString(), "", "cannot be read: " + e.getMessage(), Map.of()));
        }
    }

    private void runTest(String name, JsonNode test, TestRunner runner) {
        try {
            runner.run(name, test, this::report);
        } catch (IllegalArgumentException e) {
            report(CaseResult.failed(name, "", "a malformed test: " + e.getMessage(), Map.of()));
        }
    }

    private synchronized void report(CaseResult result) {
        counts.merge(result.status(), 1L, Long::sum);
        if (result.status() == CaseResult.Status.SKIPPED) {
            skips.merge(result.detail(), 1L, Long::sum);
        }
        listener.accept(result);
    }

    /** How many cases ended so. */
    public synchronized long count(CaseResult.Status status) {
        return counts.getOrDefault(status, 0L);
    }

    /** How many cases were left out for which reason. */
    public synchronized Map<String, Long> skips() {
        return new TreeMap<>(skips);
    }

    /** {@code N passed, M failed, K skipped}. */
    public String summary() {
        return count(CaseResult.Status.PASSED) + " passed, " + count(CaseResult.Status.FAILED) + " failed, "
                + count(CaseResult.Status.SKIPPED) + " skipped";
    }
}
