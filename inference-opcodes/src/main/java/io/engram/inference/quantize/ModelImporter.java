package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxImporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From an ONNX file to a model. The same file, calibration samples, author and options give the same model, bit for bit,
 * on every machine, for every number of threads and whatever order the samples come in (protocol A7).
 *
 * <p>Where calibration data are images, the model's input is one byte p − 128 a pixel, so call data is the pixel bytes
 * XOR 0x80; rank-4 inputs and outputs are channels last.
 */
public final class ModelImporter {

    private ModelImporter() {}

    /** As the other, for a network with one input and without reports on the way. */
    public static Imported importOnnx(byte[] onnx, CalibrationData calibration, Address author, ImportOptions options)
            throws OnnxException, MalformedModelException, IOException {
        return importOnnx(onnx, List.of(calibration), author, options, ImportProgress.SILENT);
    }

    /**
     * Reads, simplifies, calibrates, quantises and checks.
     *
     * @param calibration for each input of the network, all of the same number of samples
     * @throws OnnxException if the file is malformed or holds an operator without an integer form
     * @throws MalformedModelException if the model is over a limit
     * @throws IOException if a calibration sample does not fit the input
     */
    public static Imported importOnnx(
            byte[] onnx,
            List<CalibrationData> calibration,
            Address author,
            ImportOptions options,
            ImportProgress progress)
            throws OnnxException, MalformedModelException, IOException {
        progress.phase("reading the network", 0);
        FloatGraph network = OnnxImporter.importGraph(OnnxDecoder.decode(onnx), options.shapes());
        requireWithin(network, options.limits());
        List<List<float[]>> samples = Samples.sorted(Samples.bind(network, calibration, options.pixels()));
        List<Optional<TensorScale>> inputs = new ArrayList<>();
        for (CalibrationData data : calibration) {
            inputs.add(data.isImages() ? Optional.of(options.pixels().quantisation()) : Optional.empty());
        }
        return new CandidateSearch(network, samples, inputs, author, options, progress).best();
    }

    /** Refuses early what the static check would refuse after a long calibration. */
    private static void requireWithin(FloatGraph network, InferenceConfig.Limits limits)
            throws MalformedModelException {
        if (network.nodes().stream().filter(ModelImporter::isStep).count() > limits.maxSteps()) {
            throw new MalformedModelException("more than " + limits.maxSteps() + " steps");
        }
        if (network.multiplyAccumulates() > limits.maxMacs()) {
            throw new MalformedModelException("more than " + limits.maxMacs() + " multiply–accumulates");
        }
        if (network.poolOperations() > limits.maxElements()) {
            throw new MalformedModelException("more than " + limits.maxElements() + " element operations");
        }
    }

    private static boolean isStep(FloatNode node) {
        return !(node.operation() instanceof FloatOperation.Input)
                && !(node.operation() instanceof FloatOperation.Constant);
    }
}
