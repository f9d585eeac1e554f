package io.engram.client.cli;

import io.engram.client.bench.DistributionFigures;
import io.engram.client.bench.ModelDistribution;
import io.engram.client.bench.SeededModel;
import io.engram.client.dev.Directories;
import io.engram.client.network.RunOptions;
import io.engram.client.network.TrialNetwork;
import io.engram.client.node.InferenceConfigView;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how fast a model spreads. */
@Command(
        name = "models",
        sortOptions = false,
        description = "Run validators in processes of their own, publish a model on the first, and print how fast it"
                + " reaches the others and what processor time that takes. The first run finds the processes cold.",
        versionProvider = VersionProvider.class)
final class BenchModelsCommand implements Callable<Integer> {

    private static final int BYTES_PER_MEGABYTE = 1_000_000;
    private static final int MAX_MEGABYTES = 1_000;

    /** Room for a file that is a little longer than asked for. */
    private static final long SPARE_BYTES = 1L << 20;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--megabytes", paramLabel = "MB", description = "Size of the model (default: ${DEFAULT-VALUE}).")
    private int megabytes = 100;

    @Option(names = "--validators", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
    private int validators = 4;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Models, one after the other (default: ${DEFAULT-VALUE}).")
    private int runs = 3;

    @Option(
            names = "--node-heap-megabytes",
            paramLabel = "MB",
            description = "Largest heap of each validator (default: ${DEFAULT-VALUE}).")
    private int heapMegabytes = 1_536;

    @Mixin
    private final JsonReport json = new JsonReport();

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailedException {
        if (megabytes < 1 || megabytes > MAX_MEGABYTES || validators < 2 || runs < 1 || heapMegabytes < 1) {
            throw new ParameterException(
                    spec.commandLine(), "1 to " + MAX_MEGABYTES + " MB, at least 2 validators, the others at least 1");
        }
        Path work = Files.createTempDirectory("engram-bench-");
        List<Map<String, Object>> rows = new ArrayList<>();
        try (TrialNetwork network = TrialNetwork.start(work.resolve("network"), plan())) {
            ModelDistribution distribution = ModelDistribution.on(network);
            InferenceConfig.Limits limits =
                    InferenceConfigView.limits(network.validators().getFirst().rpc());
            for (int run = 1; run <= runs; run++) {
                byte[] file = SeededModel.ofBytes(megabytes * BYTES_PER_MEGABYTE, distribution.author(), run);
                DistributionFigures figures = distribution.publish(model(file, limits), file);
                print(run, figures);
                rows.add(figures.toMap());
            }
        } finally {
            Directories.delete(work);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("java", Runtime.version().toString());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("runs", rows);
        json.write(report);
        return 0;
    }

    private TrialNetwork.Plan plan() {
        return new TrialNetwork.Plan(
                validators,
                0,
                true,
                OptionalLong.of((long) megabytes * BYTES_PER_MEGABYTE + SPARE_BYTES),
                RunOptions.ofHeap(heapMegabytes));
    }

    private static Model model(byte[] file, InferenceConfig.Limits limits) throws CommandFailedException {
        try {
            return Model.load(file, limits);
        } catch (MalformedModelException e) {
            throw new CommandFailedException("the network takes no model of this size: " + e.getMessage(), e);
        }
    }

    private void print(int run, DistributionFigures figures) {
        PrintWriter out = spec.commandLine().getOut();
        if (run == 1) {
            out.printf(Locale.ROOT, "%-5s %-10s %9s %9s %9s%n", "run", "validator", "s", "MB/s", "CPU s");
        }
        row(out, run, figures.publisher(), figures.delivered());
        figures.receivers().forEach(node -> row(out, run, node, figures.modelBytes()));
        out.printf(Locale.ROOT, "%-5d active after %.1f s%n", run, figures.activeSeconds());
        out.flush();
    }

    private static void row(PrintWriter out, int run, DistributionFigures.Node node, long bytes) {
        out.printf(
                Locale.ROOT,
                "%-5d %-10s %9.2f %9.1f %9.2f%n",
                run,
                node.name(),
                node.seconds(),
                node.megabytesPerSecond(bytes),
                node.cpuSeconds());
    }
}
