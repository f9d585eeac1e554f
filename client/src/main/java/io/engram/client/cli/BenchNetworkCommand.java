package io.engram.client.cli;

import io.engram.client.bench.NetworkBenchmark;
import io.engram.client.bench.NetworkFigures;
import io.engram.client.dev.Directories;
import io.engram.client.dev.SampleModel;
import io.engram.client.network.RunOptions;
import io.engram.client.network.TrialNetwork;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a network of validators on this machine. */
@Command(
        name = "network",
        sortOptions = false,
        description = "Run validators in processes of their own, with a block each second, and print how many ERC-20"
                + " transfers and how many inferences get into blocks each second, and how regular the blocks are.",
        versionProvider = VersionProvider.class)
final class BenchNetworkCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to measure each load (default: ${DEFAULT-VALUE}).")
    private long seconds = 300;

    @Option(names = "--validators", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
    private int validators = 4;

    @Option(
            names = "--node-heap-megabytes",
            paramLabel = "MB",
            description = "Largest heap of each validator (default: ${DEFAULT-VALUE}).")
    private int heapMegabytes = 1_024;

    @Mixin
    private final JsonReport json = new JsonReport();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 2 || validators < 1 || heapMegabytes < 1) {
            throw new ParameterException(spec.commandLine(), "Seconds are at least 2, the others at least 1");
        }
        byte[] file = SampleModel.file().orElseThrow(() -> new IOException("the client was built without the model"));
        Path work = Files.createTempDirectory("engram-bench-");
        try (TrialNetwork network = TrialNetwork.start(
                work.resolve("network"),
                new TrialNetwork.Plan(validators, 0, true, RunOptions.ofHeap(heapMegabytes)))) {
            NetworkBenchmark benchmark = NetworkBenchmark.on(network);
            Duration duration = Duration.ofSeconds(seconds);
            NetworkFigures transfers = benchmark.transfers(duration);
            print(transfers);
            NetworkFigures inferences = benchmark.inferences(model(file), file, duration);
            print(inferences);
            json.write(List.of(transfers.toMap(), inferences.toMap()));
            return 0;
        } finally {
            Directories.delete(work);
        }
    }

    private static Model model(byte[] file) {
        try {
            return Model.load(file, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the shipped model is malformed", e);
        }
    }

    private void print(NetworkFigures figures) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-18s %8.1f/s  in %d blocks, %.1f Mgas/s; block time ms p50 %d  p95 %d  p99 %d  max %d; later rounds"
                        + " %d%n",
                figures.load(),
                figures.perSecond(),
                figures.blocks(),
                figures.megagasPerSecond(),
                figures.percentile(50),
                figures.percentile(95),
                figures.percentile(99),
                figures.percentile(100),
                figures.laterRounds());
        out.flush();
    }
}
