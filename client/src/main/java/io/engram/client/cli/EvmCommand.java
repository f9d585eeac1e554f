package io.engram.client.cli;

import io.engram.client.conformance.BlockTests;
import io.engram.client.conformance.CaseResult;
import io.engram.client.conformance.ConformanceRun;
import io.engram.client.conformance.Eip3155Writer;
import io.engram.client.conformance.StateTests;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The EVM without a chain around it, in the shape of other clients' tools. */
@Command(
        name = "evm",
        description = "Run code, and Ethereum's public tests, on the EVM alone.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {EvmRunCommand.class, EvmTransitionCommand.class})
final class EvmCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say statetest, blocktest, run or t8n");
    }

    @Command(
            name = "statetest",
            description = "Run state tests: one line for each failure, then how many passed, failed and were skipped.")
    int stateTest(
            @Option(names = "--json", description = "Print a line of JSON for each case.") boolean json,
            @Option(names = "--fork", paramLabel = "FORK", description = "Only this fork, as the tests name it.")
                    Optional<String> fork,
            @Option(names = "--trace", description = "Write EIP-3155 traces to standard error; one case at a time.")
                    boolean trace,
            @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "Tests, or folders of them.")
                    List<Path> paths)
            throws IOException {
        Optional<StateTests.CaseObserver> observer = trace ? Optional.of(new Traces()) : Optional.empty();
        known(fork, StateTests::isKnown);
        return run(paths, json, trace ? 1 : threads(), new StateTests(fork, observer));
    }

    @Command(
            name = "blocktest",
            description =
                    "Run blockchain tests: one line for each failure, then how many passed, failed and were skipped.")
    int blockTest(
            @Option(names = "--json", description = "Print a line of JSON for each test.") boolean json,
            @Option(names = "--fork", paramLabel = "FORK", description = "Only this network, as the tests name it.")
                    Optional<String> fork,
            @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "Tests, or folders of them.")
                    List<Path> paths)
            throws IOException {
        known(fork, BlockTests::isKnown);
        Path folder = Files.createTempDirectory("engram-blocktest");
        try {
            return run(paths, json, threads(), new BlockTests(folder, fork));
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    private void known(Optional<String> fork, Predicate<String> isKnown) {
        if (fork.isPresent() && !isKnown.test(fork.get())) {
            throw new ParameterException(spec.commandLine(), "The fork " + fork.get() + " is not known");
        }
    }

    private int run(List<Path> paths, boolean json, int threads, ConformanceRun.TestRunner runner) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new ParameterException(spec.commandLine(), "There is no " + path);
            }
        }
        List<Path> files = ConformanceRun.files(paths);
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "There is no test in " + paths);
        }
        ConformanceRun run = new ConformanceRun(result -> print(out, result, json));
        run.run(files, threads, runner);
        if (!json) {
            run.skips().forEach((reason, count) -> out.println("skipped " + count + ": " + reason));
        }
        out.println(run.summary());
        return run.count(CaseResult.Status.FAILED) == 0 ? 0 : FAILED;
    }

    private static void print(PrintWriter out, CaseResult result, boolean json) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("test", result.test());
            line.put("fork", result.fork());
            line.put("status", result.status().name().toLowerCase(Locale.ROOT));
            line.put("pass", result.status() == CaseResult.Status.PASSED);
            line.putAll(result.facts());
            if (!result.detail().isEmpty()) {
                line.put("error", result.detail());
            }
            out.println(Eip3155Writer.line(line));
        } else if (result.status() == CaseResult.Status.FAILED) {
            out.println("FAIL " + result.test() + " " + result.fork() + " " + indexes(result) + result.detail());
        }
    }

    private static String indexes(CaseResult result) {
        Map<String, Object> facts = result.facts();
        return facts.containsKey("d")
                ? "[d" + facts.get("d") + " g" + facts.get("g") + " v" + facts.get("v") + "]: "
                : ": ";
    }

    /** Traces on standard error. */
    private static final class Traces implements StateTests.CaseObserver {

        private final Eip3155Writer writer = new Eip3155Writer(
                new PrintWriter(System.err, false, StandardCharsets.UTF_8), Eip3155Writer.Contents.STANDARD);

        @Override
        public Tracer tracer() {
            return writer.tracer();
        }

        @Override
        public void ended(CaseResult result) {
            Map<String, Object> facts = result.facts();
            if (facts.get("stateRoot") instanceof String root
                    && facts.get("output") instanceof String output
                    && facts.get("gasUsed") instanceof Long gas) {
                boolean pass = result.status() == CaseResult.Status.PASSED;
                writer.result(Hash.fromHex(root), Bytes.fromHexString(output), gas, pass, result.fork());
            }
        }
    }
}
