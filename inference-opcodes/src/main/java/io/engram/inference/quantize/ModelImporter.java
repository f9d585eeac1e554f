package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxImporter;
import io.engram.inference.onnx.UnsupportedOperatorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * From an ONNX file to a model. The same file, calibration data, author and options give the same model, bit for bit, on
 * every machine and for every number of threads (protocol A7).
 *
 * <p>Where calibration data are images, the model's input is one byte p − 128 a pixel, so call data is the pixel bytes
 * XOR 0x80; rank-4 inputs and outputs are channels last.
 */
public final class ModelImporter {

    private ModelImporter() {}

    /**
     * Reads, simplifies, calibrates, quantises and checks.
     *
     * @throws OnnxException if the file is malformed or holds an operator without an integer form
     * @throws MalformedModelException if the model is over a limit
     * @throws IOException if a calibration sample does not fit the input
     */
    public static Imported importOnnx(byte[] onnx, CalibrationData calibration, Address author, ImportOptions options)
            throws OnnxException, MalformedModelException, IOException {
        FloatGraph network = OnnxImporter.importGraph(OnnxDecoder.decode(onnx));
        List<float[]> samples = samples(network, calibration, options.pixels());
        List<Histogram> histograms = new Calibrator(network, samples, options.threads()).measure();
        for (int i = 0; i < histograms.size(); i++) {
            if (!histograms.get(i).isFinite()) {
                FloatNode node = network.nodes().get(i);
                throw new UnsupportedOperatorException(
                        node.name(),
                        node.operation().getClass().getSimpleName(),
                        "its values are not finite on the calibration data");
            }
        }
        Optional<TensorScale> input =
                calibration.isImages() ? Optional.of(options.pixels().quantisation()) : Optional.empty();
        List<RangeMethod> methods = options.method().map(List::of).orElse(List.of(RangeMethod.values()));
        Imported best = attempt(network, histograms, samples, input, methods.getFirst(), author, options);
        for (RangeMethod method : methods.subList(1, methods.size())) {
            Imported next = attempt(network, histograms, samples, input, method, author, options);
            if (next.report().outputDecibels() > best.report().outputDecibels()) {
                best = next;
            }
        }
        return best;
    }

    /** The calibration samples in the form of the network's one input. */
    static List<float[]> samples(FloatGraph network, CalibrationData calibration, PixelScale pixels)
            throws OnnxException, IOException {
        if (network.inputs().size() != 1) {
            throw new UnsupportedOperatorException(
                    "", "Input", "a network with " + network.inputs().size() + " inputs; only one is supported");
        }
        FloatNode input = network.nodes().get(network.inputs().getFirst());
        boolean moved = input.operation() instanceof FloatOperation.Input(boolean channelsMoved) && channelsMoved;
        return calibration.bind(new InputForm(input.shape(), moved), pixels);
    }

    private static Imported attempt(
            FloatGraph network,
            List<Histogram> histograms,
            List<float[]> samples,
            Optional<TensorScale> input,
            RangeMethod method,
            Address author,
            ImportOptions options)
            throws OnnxException, MalformedModelException {
        ScalePlan plan = ScalePlan.of(network, histograms, method, input, options.outputType());
        byte[] file = ModelWriter.write(GraphQuantizer.quantize(network, plan, author, options));
        Model model = Model.load(file, options.limits());
        QuantizationReport report = QuantizationCheck.report(network, plan, model, method, samples, options.threads());
        return new Imported(model, file, network, report);
    }
}
