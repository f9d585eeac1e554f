package io.engram.client.cli;

import io.engram.client.bench.PrecompileBenchmark;
import io.engram.client.bench.PrecompileInputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the precompiled contracts. */
@Command(
        name = "precompiles",
        sortOptions = false,
        description = "Run the precompiled contracts on typical and worst inputs and print millions of gas a second of"
                + " CPU time. Outputs are compared.",
        versionProvider = VersionProvider.class)
final class BenchPrecompilesCommand implements Callable<Integer> {

    private static final double HUNDREDTH = 100;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final JsonReport json = new JsonReport();

    @Option(names = "--only", paramLabel = "TEXT", description = "Only contracts with this in their names.")
    private String only = "";

    @Option(
            names = "--millis",
            paramLabel = "N",
            description = "CPU time to measure each input for (default: ${DEFAULT-VALUE}).")
    private long millis = 200;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Milliseconds of CPU time before that (default: ${DEFAULT-VALUE}).")
    private long warmUp = 400;

    @Override
    public Integer call() throws IOException, CommandFailedException {
        if (millis < 1 || warmUp < 0) {
            throw new ParameterException(spec.commandLine(), "--millis must be at least 1, --warm-up at least 0");
        }
        List<PrecompileBenchmark.Figure> figures;
        try {
            figures = new PrecompileBenchmark()
                    .measure(
                            PrecompileInputs.all().stream()
                                    .filter(input -> input.contract().contains(only))
                                    .toList(),
                            warmUp,
                            millis);
        } catch (PrecompileBenchmark.WrongOutputException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
        print(figures);
        json.write(report(figures));
        return 0;
    }

    private void print(List<PrecompileBenchmark.Figure> figures) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-18s %-44s %10s %11s %11s %10s%n",
                "contract",
                "input",
                "gas",
                "µs",
                "Mgas/s cpu",
                "bytes");
        for (PrecompileBenchmark.Figure figure : figures) {
            out.printf(
                    Locale.ROOT,
                    "%-18s %-44s %10d %11.2f %11.1f %10.0f%n",
                    figure.input().contract(),
                    figure.input().shape(),
                    figure.gas(),
                    figure.nanos() / 1e3,
                    figure.speed(),
                    figure.bytes());
        }
        out.flush();
    }

    private static Map<String, Object> report(List<PrecompileBenchmark.Figure> figures) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PrecompileBenchmark.Figure figure : figures) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("contract", figure.input().contract());
            row.put("input", figure.input().shape());
            row.put("gas", figure.gas());
            row.put("microseconds", rounded(figure.nanos() / 1e3));
            row.put("mgasPerSecondCpu", rounded(figure.speed()));
            row.put("bytesAllocated", Math.round(figure.bytes()));
            rows.add(row);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("java", Runtime.version().toString());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("precompiles", rows);
        return report;
    }

    private static double rounded(double value) {
        return Math.round(value * HUNDREDTH) / HUNDREDTH;
    }
}
