package io.engram.client.cli;

import io.engram.client.bench.BlockBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the verification of blocks of the worst inferences. */
@Command(
        name = "block",
        sortOptions = false,
        description = "Verify blocks full of the worst inferences that the default limits allow (cold models, the"
                + " largest tensors, the most steps) as a validator does, with nothing known of model or result, and"
                + " print the time and its ratio to half a block period.",
        versionProvider = VersionProvider.class)
final class BenchBlockCommand implements Callable<Integer> {

    private static final double TENTH = 10;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private InferenceOptions inference = new InferenceOptions();

    @Option(
            names = "--block-period-millis",
            paramLabel = "N",
            description = "The block period to compare with (default: ${DEFAULT-VALUE}).")
    private long period = 1_000;

    @Option(
            names = "--inference-gas",
            paramLabel = "N",
            description = "Inference gas of a block (default: what a block holds by default).")
    private long gas = BlockBenchmark.defaultInferenceGas();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Verifications of each block, after one that does not count (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    @Option(names = "--only", paramLabel = "NAME,...", description = "Only these blocks.")
    private Optional<String> only = Optional.empty();

    @Mixin
    private final JsonReport json = new JsonReport();

    @Override
    public Integer call() throws IOException, CommandFailedException {
        if (period < 1 || rounds < 1 || gas < 1 || gas > BlockBenchmark.defaultInferenceGas()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--block-period-millis and --rounds are at least 1, --inference-gas is 1 to "
                            + BlockBenchmark.defaultInferenceGas());
        }
        List<String> wanted =
                only.map(names -> Arrays.asList(names.split(",", -1))).orElse(BlockBenchmark.names());
        if (!BlockBenchmark.names().containsAll(wanted)) {
            throw new ParameterException(spec.commandLine(), "--only takes " + BlockBenchmark.names());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-14s %10s %14s %10s %10s %10s %10s %14s%n",
                "block",
                "inferences",
                "inference gas",
                "ms",
                "longest",
                "cpu ms",
                "ns/gas",
                "of half period");
        List<Map<String, Object>> rows = new ArrayList<>();
        new BlockBenchmark(inference.openTested(), gas).measure(wanted::contains, rounds, figure -> {
            double ratio = 2 * figure.millis() / period;
            out.printf(
                    Locale.ROOT,
                    "%-14s %10d %14d %10.1f %10.1f %10.1f %10.1f %14.2f%n",
                    figure.name(),
                    figure.inferences(),
                    figure.inferenceGas(),
                    figure.millis(),
                    figure.longestMillis(),
                    figure.cpuMillis(),
                    figure.millis() * 1e6 / figure.inferenceGas(),
                    ratio);
            out.flush();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("block", figure.name());
            row.put("inferences", figure.inferences());
            row.put("inferenceGas", figure.inferenceGas());
            row.put("millis", rounded(figure.millis()));
            row.put("longestMillis", rounded(figure.longestMillis()));
            row.put("cpuMillis", rounded(figure.cpuMillis()));
            rows.add(row);
        });
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("backend", inference.choice().key());
        report.put("java", Runtime.version().toString());
        report.put("blockPeriodMillis", period);
        report.put("blocks", rows);
        json.write(report);
        return 0;
    }

    private static double rounded(double value) {
        return Math.round(value * TENTH) / TENTH;
    }
}
