package io.engram.client.cli;

import io.engram.inference.bench.InferenceBenchmark;
import io.engram.inference.bench.Networks;
import io.engram.inference.engine.natives.NativeOptions;
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
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the back ends of inference. */
@Command(
        name = "inference",
        sortOptions = false,
        description =
                "Run kernels and whole networks on every back end that works here, with and without commitments to"
                        + " each step, and print the time of an inference and thousands of millions of"
                        + " multiply-accumulates a second.",
        versionProvider = VersionProvider.class)
final class BenchInferenceCommand implements Callable<Integer> {

    private static final double HUNDREDTH = 100;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final JsonReport json = new JsonReport();

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "Only cuda, native, vector or reference (default: all that work here).")
    private Optional<String> backend = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that a step is split over, for cuda inferences at once (default: ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Option(names = "--only", paramLabel = "NAME,...", description = "Only these networks.")
    private Optional<String> only = Optional.empty();

    @Option(
            names = "--millis",
            paramLabel = "N",
            description = "Time to measure each case for, and to warm up before (default: ${DEFAULT-VALUE}).")
    private long millis = 1_000;

    @Override
    public Integer call() throws IOException, CommandFailedException {
        if (millis < 1 || threads < 1 || threads > NativeOptions.MAX_THREADS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--millis must be at least 1, --threads from 1 to " + NativeOptions.MAX_THREADS);
        }
        PrintWriter out = spec.commandLine().getOut();
        Optional<String> gpu = InferenceBenchmark.gpu();
        gpu.ifPresent(text -> out.printf("GPU: %s%n", text));
        out.printf(
                Locale.ROOT,
                "%-24s %-10s %-12s %-18s %12s %9s %5s%n",
                "network",
                "back end",
                "tier",
                "commitments",
                "µs",
                "GMAC/s",
                "W");
        List<Map<String, Object>> rows = new ArrayList<>();
        new InferenceBenchmark(threads, millis)
                .measure(networks(), way -> backend.isEmpty() || backend.get().equals(way.backend()), figure -> {
                    out.printf(
                            Locale.ROOT,
                            "%-24s %-10s %-12s %-18s %12.1f %9.1f %5s%n",
                            figure.network().title(),
                            figure.way().backend(),
                            figure.way().tier() + (figure.way().callByCall() ? " calls" : ""),
                            commitments(figure.way()),
                            figure.nanos() / 1e3,
                            figure.speed(),
                            watts(figure));
                    out.flush();
                    rows.add(row(figure));
                });
        if (rows.isEmpty()) {
            throw new CommandFailedException("nothing to measure: no such network, or no such back end here");
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("java", Runtime.version().toString());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("threads", threads);
        gpu.ifPresent(text -> report.put("gpu", text));
        report.put("cases", rows);
        json.write(report);
        return 0;
    }

    private Predicate<Networks> networks() throws CommandFailedException {
        if (only.isEmpty()) {
            return _ -> true;
        }
        List<String> keys = Arrays.asList(only.get().split(",", -1));
        for (String key : keys) {
            if (!Networks.keys().contains(key)) {
                throw new CommandFailedException("no network " + key + "; there are " + Networks.keys());
            }
        }
        return network -> keys.contains(network.key());
    }

    private static Map<String, Object> row(InferenceBenchmark.Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("network", figure.network().key());
        row.put("backend", figure.way().backend());
        row.put("tier", figure.way().tier());
        row.put("callByCall", figure.way().callByCall());
        row.put("commitments", commitments(figure.way()));
        row.put("multiplyAdds", figure.multiplyAdds());
        row.put("nanos", Math.round(figure.nanos()));
        row.put("gmacPerSecond", Math.round(figure.speed() * HUNDREDTH) / HUNDREDTH);
        figure.watts().ifPresent(watts -> row.put("watts", Math.round(watts)));
        return row;
    }

    private static String watts(InferenceBenchmark.Figure figure) {
        return figure.watts().isEmpty() ? "" : "" + Math.round(figure.watts().getAsDouble());
    }

    private static String commitments(InferenceBenchmark.Way way) {
        return way.commitments().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
