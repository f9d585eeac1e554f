package io.engram.client.cli;

import io.engram.client.bench.EvmBenchmark;
import io.engram.client.bench.GasBenchmark;
import io.engram.client.bench.Workload;
import io.engram.evm.interpreter.DecodedCodeCache;
import io.engram.evm.interpreter.FastInterpreter;
import io.engram.evm.interpreter.Interpreter;
import io.engram.evm.interpreter.PlainInterpreter;
import io.engram.genesis.config.InferenceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Measurements on this machine. */
@Command(
        name = "bench",
        description = "Measure parts of the client on this machine.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            BenchPrecompilesCommand.class,
            BenchInferenceCommand.class,
            BenchBlockCommand.class,
            BenchNetworkCommand.class,
            BenchModelsCommand.class
        },
        versionProvider = VersionProvider.class)
final class BenchCommand implements Callable<Integer> {

    private static final double TENTH = 10;

    /** The interpreter to measure. */
    enum Tier {
        FAST,
        PLAIN
    }

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Say evm, precompiles, inference, gas, block, network or models");
    }

    @Command(
            name = "evm",
            sortOptions = false,
            description = "Run contracts in process and print millions of gas a second, by the clock and by CPU time."
                    + " Gas and checksum of each run are compared.")
    int evm(
            @Option(
                            names = "--vectors",
                            required = true,
                            paramLabel = "FILE",
                            description = "Workloads, one a line: name, size, gas, checksum, input and code, separated"
                                    + " by tabs.")
                    Path vectors,
            @Mixin JsonReport json,
            @Option(names = "--only", paramLabel = "NAME,...", description = "Only these workloads.")
                    Optional<String> only,
            @Option(
                            names = "--runs",
                            paramLabel = "N",
                            description = "Measured runs of each (default: ${DEFAULT-VALUE}).",
                            defaultValue = "7")
                    int runs,
            @Option(
                            names = "--warm-up",
                            paramLabel = "N",
                            description = "Runs before them (default: ${DEFAULT-VALUE}).",
                            defaultValue = "3")
                    int warmUp,
            @Option(
                            names = "--interpreter",
                            paramLabel = "TIER",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
                            defaultValue = "FAST")
                    Tier tier)
            throws IOException, CommandFailedException {
        if (runs < 1 || warmUp < 0) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1, --warm-up at least 0");
        }
        List<EvmBenchmark.Figure> figures;
        try {
            List<Workload> workloads = Workload.read(vectors).stream()
                    .filter(workload -> only.isEmpty()
                            || Arrays.asList(only.get().split(",", -1)).contains(workload.name()))
                    .toList();
            if (workloads.isEmpty()) {
                throw new CommandFailedException("no such workload in " + vectors);
            }
            figures = new EvmBenchmark(interpreter(tier)).measure(workloads, warmUp, runs);
        } catch (Workload.MalformedException e) {
            throw new CommandFailedException(vectors + ": " + e.getMessage());
        } catch (EvmBenchmark.WrongResultException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
        print(figures);
        json.write(report(figures, tier));
        return 0;
    }

    @Command(
            name = "gas",
            sortOptions = false,
            description = "Measure the CPU time that a unit of gas takes: of ordinary opcodes and contracts at their"
                    + " slowest, and of each term of the price of an inference on its own worst models.")
    int gas(
            @Mixin InferenceOptions inference,
            @Mixin JsonReport json,
            @Option(
                            names = "--only",
                            paramLabel = "TERM,...",
                            description = "Only these: ordinary, step, mac, depthwise, element, hashed, io, weight,"
                                    + " file.")
                    Optional<String> only,
            @Option(
                            names = "--millis",
                            paramLabel = "N",
                            description = "CPU time for each case, and as much for warming up (default:"
                                    + " ${DEFAULT-VALUE}).",
                            defaultValue = "300")
                    long millis)
            throws IOException, CommandFailedException {
        if (millis < 1) {
            throw new ParameterException(spec.commandLine(), "--millis must be at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Map<String, Object>> rows = new ArrayList<>();
        Predicate<String> wanted = term ->
                only.isEmpty() || Arrays.asList(only.get().split(",", -1)).contains(term);
        out.printf(Locale.ROOT, "%-14s %-36s %14s %12s %10s%n", "term", "case", "ns", "gas", "ns/gas");
        new GasBenchmark(inference.openTested(), millis).measure(InferenceConfig.Gas.DEFAULT, wanted, figure -> {
            out.printf(
                    Locale.ROOT,
                    "%-14s %-36s %14.0f %12d %10.1f%n",
                    figure.term(),
                    figure.name(),
                    figure.nanos(),
                    figure.gas(),
                    figure.nanosPerGas());
            out.flush();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("term", figure.term());
            row.put("name", figure.name());
            row.put("nanos", rounded(figure.nanos()));
            row.put("gas", figure.gas());
            row.put("nanosPerGas", rounded(figure.nanosPerGas()));
            rows.add(row);
        });
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("backend", inference.choice().key());
        report.put("java", Runtime.version().toString());
        report.put("cases", rows);
        json.write(report);
        return 0;
    }

    private static Interpreter interpreter(Tier tier) {
        return switch (tier) {
            case FAST -> new FastInterpreter(new DecodedCodeCache(DecodedCodeCache.DEFAULT_LIMIT));
            case PLAIN -> new PlainInterpreter();
        };
    }

    private void print(List<EvmBenchmark.Figure> figures) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-16s %10s %8s %12s %12s   %s%n",
                "workload",
                "size",
                "Mgas",
                "Mgas/s wall",
                "Mgas/s cpu",
                "wall from .. to");
        for (EvmBenchmark.Figure figure : figures) {
            out.printf(
                    Locale.ROOT,
                    "%-16s %10d %8.1f %12.1f %12.1f   %.1f .. %.1f%n",
                    figure.workload().name(),
                    figure.workload().size(),
                    figure.workload().gas() / 1e6,
                    figure.wall(),
                    figure.cpu(),
                    figure.slowest(),
                    figure.fastest());
        }
        out.flush();
    }

    private static Map<String, Object> report(List<EvmBenchmark.Figure> figures, Tier tier) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (EvmBenchmark.Figure figure : figures) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", figure.workload().name());
            row.put("size", figure.workload().size());
            row.put("gas", figure.workload().gas());
            row.put("mgasPerSecondWall", rounded(figure.wall()));
            row.put("mgasPerSecondCpu", rounded(figure.cpu()));
            row.put("slowestWall", rounded(figure.slowest()));
            row.put("fastestWall", rounded(figure.fastest()));
            rows.add(row);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("interpreter", tier.name().toLowerCase(Locale.ROOT));
        report.put("java", Runtime.version().toString());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("workloads", rows);
        return report;
    }

    private static double rounded(double value) {
        return Math.round(value * TENTH) / TENTH;
    }
}
