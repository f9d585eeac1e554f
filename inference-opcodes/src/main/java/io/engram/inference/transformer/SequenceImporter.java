package io.engram.inference.transformer;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.OnnxValue;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.quantize.ImportProgress;
import java.io.IOException;
import java.util.List;

/**
 * From an ONNX file with integer inputs to a model. The same file, samples, author and options give the same model, bit for
 * bit, on every machine (protocol A7).
 */
public final class SequenceImporter {

    /** Samples that the report compares. */
    private static final int REPORTED = 8;

    private SequenceImporter() {}

    /** The result of an import: the model, its canonical file, and what it cost. */
    public record Imported(Model model, byte[] file, SequenceReport report) {}

    /** Whether all inputs of the file are whole numbers, so that this importer is the one to use. */
    public static boolean takesTokens(OnnxModel model) {
        return model.graph().inputs().stream()
                .filter(input -> !model.graph().initializers().containsKey(input.name()))
                .allMatch(input -> input.type() == OnnxType.INT64.code() || input.type() == OnnxType.INT32.code());
    }

    /** The names of the inputs in the file's order. */
    public static List<String> inputs(OnnxModel model) {
        return model.graph().inputs().stream()
                .map(OnnxValue::name)
                .filter(name -> !model.graph().initializers().containsKey(name))
                .toList();
    }

    /**
     * @param progress told what is being done
     * @throws OnnxException if the file is malformed or holds an operator without an integer form
     * @throws MalformedModelException if the model is over a limit
     * @throws IOException if a sample does not fit the inputs
     */
    public static Imported importOnnx(
            byte[] onnx, TokenSamples samples, Address author, SequenceOptions options, ImportProgress progress)
            throws OnnxException, MalformedModelException, IOException {
        OnnxModel file = OnnxDecoder.decode(onnx);
        progress.phase("reading " + file.graph().nodes().size() + " nodes", 0);
        SequenceGraph network =
                Recogniser.recognise(ExpressionReader.read(file, options.sequence()), options.pooling());
        double[] largest = calibrate(network, samples, progress);
        progress.phase("quantising " + network.nodes().size() + " values", 0);
        SequencePlan plan = SequencePlan.of(network, largest, options.outputType());
        GraphBuilder builder = new GraphBuilder(author, options.royalty(), options.maxBatch());
        int[] handles = SequenceQuantizer.quantise(network, plan, options.precision(), builder);
        Graph graph = builder.build();
        byte[] bytes = ModelWriter.write(graph);
        progress.phase("checking " + graph.nodes().size() + " steps, " + bytes.length + " bytes", 0);
        Model model = Model.load(bytes, options.limits());
        SequenceReport report = SequenceCheck.report(network, plan, model, builder.numbers(handles), samples, REPORTED);
        return new Imported(model, bytes, report);
    }

    private static double[] calibrate(SequenceGraph network, TokenSamples samples, ImportProgress progress)
            throws IOException, OnnxException {
        SequenceInterpreter interpreter = new SequenceInterpreter(network);
        double[] largest = new double[network.nodes().size()];
        progress.phase("calibrating", samples.count());
        for (int sample = 0; sample < samples.count(); sample++) {
            float[][] values = interpreter.run(samples.sample(network, sample));
            for (int i = 0; i < largest.length; i++) {
                for (float value : values[i]) {
                    largest[i] = Math.max(largest[i], Math.abs(value));
                }
            }
            progress.advance();
        }
        for (int i = 0; i < largest.length; i++) {
            if (!Double.isFinite(largest[i])) {
                SequenceGraph.Node node = network.nodes().get(i);
                throw new UnsupportedOperatorException(
                        node.name(),
                        node.operation().getClass().getSimpleName(),
                        "its values are not finite on the calibration data");
            }
        }
        return largest;
    }
}
