package io.engram.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.Model;
import io.engram.inference.quantize.ModelInput;
import io.engram.inference.quantize.NpyFile;
import io.engram.inference.quantize.PixelImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Neural networks: from ONNX, on this machine, and on a chain. */
@Command(
        name = "model",
        description = "Import, check, verify, inspect, run, publish, retire and look up models.",
        subcommands = {
            ModelImportCommand.class,
            ModelImportSequenceCommand.class,
            ModelCheckCommand.class,
            ModelVerifyCommand.class,
            ModelVerifyProofCommand.class,
            ModelPublishCommand.class,
            ModelRetireCommand.class,
            ModelSuspendCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionProvider.class)
final class ModelCommand implements Callable<Integer> {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final long WARM_UP_NANOS = 2_000_000_000;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "Say import, check, verify, verify-proof, inspect, run, bench, publish, retire, suspend, list or get");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(name = "inspect", description = "Check a model file and show its operators, shapes, costs and scales.")
    int inspect(@Parameters(paramLabel = "MODEL", description = "An .egm file.") Path file, @Mixin LimitsOption chain)
            throws IOException, CommandFailedException {
        ModelTables.inspect(out(), load(file, chain), InferenceConfig.Gas.DEFAULT);
        return 0;
    }

    @Command(name = "run", description = "Run a model on this machine: a .png, .pgm, .ppm or .npy in, scores out.")
    int run(
            @Parameters(paramLabel = "MODEL", description = "An .egm file.") Path file,
            @Parameters(paramLabel = "INPUT", description = "An image or array.") Path input,
            @Mixin InferenceOptions inference,
            @Mixin LimitsOption chain)
            throws IOException, CommandFailedException {
        Model model = load(file, chain);
        Inference result = new InferenceEngine(inference.open())
                .run(model, sample(model, input))
                .getFirst();
        float[] scores = ModelInput.scores(model, result.output());
        int best = 0;
        for (int i = 0; i < scores.length; i++) {
            out().printf(Locale.ROOT, "%4d  %9.4f%n", i, scores[i]);
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        out().println("label       " + best);
        out().println("output      " + Bytes.wrap(result.output()).toHexString());
        out().println("inputRoot   " + result.inputRoot());
        out().println("outputRoot  " + result.outputRoot());
        out().println("stepsRoot   " + result.stepsRoot());
        return 0;
    }

    @Command(name = "bench", description = "Time a model on the back ends that work on this machine.")
    int bench(
            @Parameters(paramLabel = "MODEL", description = "An .egm file.") Path file,
            @Parameters(paramLabel = "INPUT", description = "An image or array.") Path input,
            @Option(names = "--runs", paramLabel = "N", description = "Measured runs.", defaultValue = "20") int runs,
            @Mixin InferenceOptions inference,
            @Mixin LimitsOption chain)
            throws IOException, CommandFailedException {
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1");
        }
        Model model = load(file, chain);
        byte[] sample = sample(model, input);
        for (Backends choice : choices(inference)) {
            Backend backend = inference.open(choice);
            bench(new InferenceEngine(backend, 0), model, sample, runs);
        }
        return 0;
    }

    /** One back end if it was named, otherwise all that work here. */
    private static List<Backends> choices(InferenceOptions inference) throws CommandFailedException {
        Backends named = inference.choice();
        if (named != Backends.AUTO) {
            return List.of(named);
        }
        return Backends.available().stream().map(Backends::ofKey).toList();
    }

    private void bench(InferenceEngine engine, Model model, byte[] sample, int runs) {
        // The just-in-time compiler takes a while to see what is hot.
        for (long begun = System.nanoTime(); System.nanoTime() - begun < WARM_UP_NANOS; ) {
            engine.run(model, sample);
        }
        long[] nanos = new long[runs];
        for (int i = 0; i < runs; i++) {
            long begun = System.nanoTime();
            engine.run(model, sample);
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        out().printf(
                        Locale.ROOT,
                        "%-9s  median %.3f ms, min %.3f ms, max %.3f ms of %d runs, commitments included%n",
                        engine.backend().name(),
                        nanos[runs / 2] / NANOS_PER_MILLI,
                        nanos[0] / NANOS_PER_MILLI,
                        nanos[runs - 1] / NANOS_PER_MILLI,
                        runs);
    }

    private static byte[] sample(Model model, Path input) throws IOException {
        return PixelImage.isImage(input)
                ? ModelInput.ofImage(model, PixelImage.read(input))
                : ModelInput.ofNumbers(model, NpyFile.read(input));
    }

    private static Model load(Path file, LimitsOption chain) throws IOException, CommandFailedException {
        try {
            return Model.load(Files.readAllBytes(file), chain.limits());
        } catch (MalformedModelException e) {
            throw new CommandFailedException(file + ": " + e.getMessage(), e);
        }
    }

    @Command(name = "list", description = "List the models of a chain.")
    int list(@Mixin RpcOption node) throws IOException, InterruptedException {
        try (RpcClient rpc = node.open()) {
            for (JsonNode model : rpc.call("model_list")) {
                out().println(model.path("modelId").asText() + "  "
                        + model.path("status").asText() + "  author "
                        + model.path("author").asText());
            }
        }
        return 0;
    }

    @Command(name = "get", description = "Show what a chain knows of a model.")
    int get(@Mixin ModelIdParameter id, @Mixin RpcOption node)
            throws IOException, CommandFailedException, InterruptedException {
        try (RpcClient rpc = node.open()) {
            JsonNode model = rpc.call("model_get", id.get().toHex());
            if (model.isNull()) {
                throw new CommandFailedException("the registry has no model " + id.get());
            }
            out().println(model.toPrettyString());
        }
        return 0;
    }
}
