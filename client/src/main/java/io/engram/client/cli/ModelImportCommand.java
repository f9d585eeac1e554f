package io.engram.client.cli;

import io.engram.inference.MalformedModelException;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.Imported;
import io.engram.inference.quantize.ModelImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From an ONNX file to a model file. */
@Command(
        name = "import",
        description =
                "Turn an ONNX network into an integer model. The same inputs give the same file everywhere; how it"
                        + " was made is noted beside it, for verify.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ONNX", description = "The network.")
    private Path onnx = Path.of("");

    @Option(
            names = "--calibration",
            required = true,
            paramLabel = "PATH",
            description = "Samples of what the network will see: a directory of images or .npy arrays, an idx file, an"
                    + " image or an array; once for each input, in the file's order.")
    private List<Path> calibration = new ArrayList<>();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The model file to write.")
    private Path file = Path.of("");

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description = "Samples that one call may hold; part of the file (default: ${DEFAULT-VALUE}).",
            defaultValue = "16")
    private int maxBatch;

    @Mixin
    private AuthorOptions authorship = new AuthorOptions();

    @Mixin
    private ImportArguments arguments = new ImportArguments();

    @Mixin
    private LimitsOption chain = new LimitsOption();

    @Override
    public Integer call() throws IOException, CommandFailedException {
        try {
            byte[] network = Files.readAllBytes(onnx);
            ImportOptions options = arguments
                    .over(ImportOptions.DEFAULT)
                    .withRoyalty(authorship.royalty())
                    .withMaxBatch(maxBatch)
                    .withLimits(chain.limits());
            Imported imported = ModelImporter.importOnnx(
                    network,
                    ImportArguments.data(calibration),
                    authorship.author(),
                    options,
                    new ProgressLines(spec.commandLine().getErr()));
            Files.write(file, imported.file());
            ImportRecord.write(file, network, imported, options);
            ModelTables.report(spec.commandLine().getOut(), imported.report());
            spec.commandLine()
                    .getOut()
                    .println("Model " + imported.model().id() + " → " + file + " (" + imported.file().length
                            + " bytes)");
            authorship.warn(spec.commandLine().getErr());
            return 0;
        } catch (OnnxException | MalformedModelException e) {
            throw new CommandFailedException(onnx + ": " + e.getMessage(), e);
        }
    }
}
