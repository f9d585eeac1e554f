package io.engram.client.cli;

import io.engram.genesis.Hash;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.ModelImporter;
import io.engram.inference.transformer.SequenceImporter;
import io.engram.inference.transformer.SequenceOptions;
import io.engram.inference.transformer.TokenSamples;
import java.io.IOException;
import java.io.PrintWriter;
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

/** Whether a model is what its author says: the import again, and the same file. */
@Command(
        name = "verify",
        description =
                "Rebuild a model from its ONNX file and calibration data and compare the modelId. Author, royalty and"
                        + " batch are taken from the model; the other options from its import record (MODEL.import.json), where"
                        + " it lies beside the model and the command line does not say otherwise. Of a network on tokens the"
                        + " model holds all of them.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelVerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "MODEL", description = "An .egm file.")
    private Path file = Path.of("");

    @Option(names = "--from", required = true, paramLabel = "ONNX", description = "The network it was made from.")
    private Path onnx = Path.of("");

    @Option(
            names = "--calibration",
            required = true,
            paramLabel = "PATH",
            description = "The calibration data, once for each input. Names and order of the files do not matter.")
    private List<Path> calibration = new ArrayList<>();

    @Mixin
    private ImportArguments arguments = new ImportArguments();

    @Mixin
    private LimitsOption chain = new LimitsOption();

    @Override
    public Integer call() throws IOException, CommandFailedException {
        try {
            Model model = Model.load(Files.readAllBytes(file), chain.limits());
            Hash rebuilt = rebuilt(Files.readAllBytes(onnx), model);
            PrintWriter out = spec.commandLine().getOut();
            out.println("model    " + model.id());
            out.println("rebuilt  " + rebuilt);
            boolean same = rebuilt.equals(model.id());
            out.println(same ? "The same model" : "Another model");
            return same ? 0 : 1;
        } catch (OnnxException | MalformedModelException e) {
            throw new CommandFailedException(onnx + ", " + file + ": " + e.getMessage(), e);
        }
    }

    private Hash rebuilt(byte[] network, Model model)
            throws IOException, CommandFailedException, OnnxException, MalformedModelException {
        ProgressLines progress = new ProgressLines(spec.commandLine().getErr());
        Graph graph = model.graph();
        OnnxModel decoded = OnnxDecoder.decode(network);
        if (SequenceImporter.takesTokens(decoded)) {
            TokenSamples samples = ImportArguments.tokens(calibration, network);
            SequenceOptions options = SequenceOptions.of(decoded, model).withLimits(chain.limits());
            return SequenceImporter.importOnnx(network, samples, graph.author(), options, progress)
                    .model()
                    .id();
        }
        ImportOptions options = arguments
                .over(ImportRecord.read(file))
                .withRoyalty(graph.royalty())
                .withMaxBatch(graph.maxBatch())
                .withLimits(chain.limits());
        return ModelImporter.importOnnx(network, ImportArguments.data(calibration), graph.author(), options, progress)
                .model()
                .id();
    }
}
