package io.engram.client.cli;

import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.quantize.IdxFile;
import io.engram.inference.quantize.ModelComparison;
import io.engram.inference.quantize.NpyFile;
import io.engram.inference.transformer.Embeddings;
import io.engram.inference.transformer.SequenceComparison;
import io.engram.inference.transformer.SequenceImporter;
import io.engram.inference.transformer.TokenSamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What quantisation costs on data that calibration has not seen. */
@Command(
        name = "check",
        description = "Compare a model with its float network on data: signal-to-noise ratio of each output, share of"
                + " samples with the same largest element, and how often each is right where labels are given. Of a network"
                + " on tokens: cosine of the outputs, and share of samples with the same nearest neighbour.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelCheckCommand implements Callable<Integer> {

    private static final double PERCENT = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "ONNX", description = "The float network.")
    private Path onnx = Path.of("");

    @Parameters(index = "1", paramLabel = "MODEL", description = "An .egm file made from it.")
    private Path file = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description =
                    "Samples, in the forms of --calibration of import, once for each input; of a network on tokens"
                            + " one directory, as for import-sequence.")
    private List<Path> data = new ArrayList<>();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "The right index of each sample in order: an idx file, or text with one number a line.")
    private Optional<Path> labels = Optional.empty();

    @Option(
            names = "--float-outputs",
            paramLabel = "FILE",
            description = "Of a network on tokens: write what the float network gives as .npy, a row for each sample.")
    private Optional<Path> floatOutputs = Optional.empty();

    @Mixin
    private ImportArguments arguments = new ImportArguments();

    @Mixin
    private InferenceOptions inference = new InferenceOptions();

    @Mixin
    private LimitsOption chain = new LimitsOption();

    @Override
    public Integer call() throws IOException, CommandFailedException {
        try {
            Model model = Model.load(Files.readAllBytes(file), chain.limits());
            byte[] network = Files.readAllBytes(onnx);
            if (SequenceImporter.takesTokens(OnnxDecoder.decode(network))) {
                TokenSamples samples = ImportArguments.tokens(data, network);
                print(SequenceComparison.of(network, model, samples, inference.open()));
                return 0;
            }
            ModelComparison comparison = ModelComparison.of(
                    network,
                    model,
                    ImportArguments.data(data),
                    arguments.over(ImportRecord.read(file)).withLimits(chain.limits()),
                    inference.open());
            print(comparison);
            return 0;
        } catch (OnnxException | MalformedModelException e) {
            throw new CommandFailedException(onnx + ", " + file + ": " + e.getMessage(), e);
        }
    }

    private void print(SequenceComparison comparison) throws IOException {
        double[] cosines = Embeddings.cosines(comparison.real(), comparison.integer());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "cosine of float and integer output: mean %.5f, least %.5f%n",
                Arrays.stream(cosines).average().orElseThrow(),
                Arrays.stream(cosines).min().orElseThrow());
        if (cosines.length > 1) {
            out.printf(
                    Locale.ROOT,
                    "same nearest neighbour for %d of %d samples%n",
                    Embeddings.sameNeighbours(comparison.real(), comparison.integer()),
                    cosines.length);
        }
        if (floatOutputs.isPresent()) {
            Files.write(floatOutputs.get(), NpyFile.ofRows(comparison.real()).encode());
        }
    }

    private void print(ModelComparison comparison) throws IOException, CommandFailedException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%-40s %8s %14s%n", "output", "SNR dB", "largest error");
        for (ModelComparison.Output output : comparison.outputs()) {
            out.printf(Locale.ROOT, "%-40s %8.1f %14.6g%n", output.name(), output.decibels(), output.largestError());
        }
        int samples = comparison.floatBest().size();
        out.printf(Locale.ROOT, "same label on %.2f %% of %d samples%n", PERCENT * comparison.agreement(), samples);
        if (labels.isPresent()) {
            List<Integer> right = labels(labels.get());
            if (right.size() < samples) {
                throw new CommandFailedException(labels.get() + " has " + right.size() + " labels for " + samples);
            }
            out.printf(
                    Locale.ROOT,
                    "right: float %.2f %%, integer %.2f %%%n",
                    PERCENT * ModelComparison.accuracy(comparison.floatBest(), right),
                    PERCENT * ModelComparison.accuracy(comparison.integerBest(), right));
        }
    }

    private static List<Integer> labels(Path file) throws IOException {
        List<Integer> labels = new ArrayList<>();
        if (file.toString().endsWith(".txt")) {
            for (String line : Files.readAllLines(file)) {
                try {
                    labels.add(Integer.valueOf(line.strip()));
                } catch (NumberFormatException e) {
                    throw new IOException(file + ": not a number: " + line, e);
                }
            }
            return labels;
        }
        for (byte label : IdxFile.read(file).data()) {
            labels.add(label & 0xff);
        }
        return labels;
    }
}
