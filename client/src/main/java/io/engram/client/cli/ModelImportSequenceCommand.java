package io.engram.client.cli;

import io.engram.inference.MalformedModelException;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.tensor.TensorType;
import io.engram.inference.transformer.Pooling;
import io.engram.inference.transformer.Precision;
import io.engram.inference.transformer.SequenceImporter;
import io.engram.inference.transformer.SequenceOptions;
import io.engram.inference.transformer.SequenceReport;
import io.engram.inference.transformer.TokenSamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Networks on tokens from ONNX. */
@Command(
        name = "import-sequence",
        description = "Turn an ONNX network on tokens (a transformer with integer inputs) into an integer model.")
final class ModelImportSequenceCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ONNX", description = "The network.")
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private Path onnx = Path.of("");

    @Option(
            names = "--calibration",
            required = true,
            paramLabel = "DIR",
            description =
                    "For each input, NAME.npy: rows of whole numbers, one a sample; short rows are filled up with 0.")
    private Path calibration = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The model file to write.")
    private Path file = Path.of("");

    @Option(
            names = "--sequence",
            paramLabel = "TOKENS",
            description = "Tokens of a sample: what symbolic dimensions become (default: ${DEFAULT-VALUE}).")
    private int sequence = 64;

    @Option(
            names = "--pool",
            paramLabel = "NONE|MEAN",
            description =
                    "MEAN: the output is one vector of length √width, the mean over the tokens that the mask keeps"
                            + " (default: ${DEFAULT-VALUE}).")
    private Pooling pooling = Pooling.NONE;

    @Option(
            names = "--precision",
            paramLabel = "INT8|INT16",
            description = "What dense layers multiply by their weights (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.INT16;

    @Option(
            names = "--output",
            paramLabel = "INT8|INT16",
            description = "Type of the output (default: ${DEFAULT-VALUE}).")
    private TensorType output = TensorType.INT8;

    @Option(names = "--batch", paramLabel = "N", description = "Largest batch (default: ${DEFAULT-VALUE}).")
    private int batch = 2;

    @Mixin
    private final AuthorOptions authorship = new AuthorOptions();

    @Mixin
    private final LimitsOption chain = new LimitsOption();

    @Override
    public Integer call() throws IOException, CommandFailedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            byte[] bytes = Files.readAllBytes(onnx);
            TokenSamples samples = TokenSamples.read(calibration, SequenceImporter.inputs(OnnxDecoder.decode(bytes)));
            SequenceImporter.Imported imported =
                    SequenceImporter.importOnnx(bytes, samples, authorship.author(), options(), new ProgressLines(err));
            Files.write(file, imported.file());
            report(spec.commandLine().getOut(), imported.report());
            spec.commandLine()
                    .getOut()
                    .println("Model " + imported.model().id() + " → " + file + " (" + imported.file().length
                            + " bytes)");
            authorship.warn(err);
            return 0;
        } catch (OnnxException | MalformedModelException e) {
            throw new CommandFailedException(onnx + ": " + e.getMessage(), e);
        }
    }

    private SequenceOptions options() throws IOException, CommandFailedException {
        try {
            return new SequenceOptions(
                    sequence, pooling, precision, output, batch, authorship.royalty(), chain.limits());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void report(PrintWriter out, SequenceReport report) {
        out.printf(Locale.ROOT, "%-72s %-10s %-6s %10s %8s%n", "value", "from", "type", "scale", "SNR dB");
        for (SequenceReport.Layer layer : report.layers()) {
            out.printf(
                    Locale.ROOT,
                    "%-72s %-10s %-6s %10.3g %8.1f%n",
                    layer.name(),
                    layer.operation(),
                    layer.type(),
                    layer.scale(),
                    layer.decibels());
        }
        out.printf(
                Locale.ROOT,
                "outputs: mean cosine %.5f to the float network on %d calibration samples%n",
                report.cosine(),
                report.samples());
        out.flush();
    }
}
