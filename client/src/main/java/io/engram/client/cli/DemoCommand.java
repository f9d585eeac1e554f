package io.engram.client.cli;

import io.engram.client.demo.Demo;
import io.engram.inference.engine.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the whole path: a model on a chain of four validators, images classified by transactions, all of it recomputed. */
@Command(
        name = "demo",
        description =
                "Classify images by transactions on a new chain of four validators, which recompute every inference.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = VersionProvider.class)
final class DemoCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "How many of the shipped images to classify (default: ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int images = 100;

    @Option(
            names = "--inference-backend",
            paramLabel = "NAME",
            description =
                    "auto, cuda, native, vector or reference: what computes on the first validator; all others have"
                            + " the reference (default: ${DEFAULT-VALUE}).",
            defaultValue = "reference")
    private String backend = "reference";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
    private Optional<Path> json = Optional.empty();

    @Mixin
    private final LoggingOption logging = new LoggingOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        logging.apply("WARN");
        int available = Demo.available();
        if (images < 1 || images > available) {
            throw new ParameterException(
                    spec.commandLine(), "--images must be 1 to " + available + ", the number of images shipped");
        }
        List<String> problems = new Demo(spec.commandLine().getOut(), backend()).run(images, json);
        problems.forEach(problem -> spec.commandLine().getErr().println("engram: " + problem));
        return problems.isEmpty() ? 0 : 1;
    }

    private Backends backend() {
        try {
            return Backends.ofKey(backend);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--inference-backend is " + e.getMessage(), e);
        }
    }
}
