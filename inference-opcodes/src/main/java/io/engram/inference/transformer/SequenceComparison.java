package io.engram.inference.transformer;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.quantize.ModelInput;
import io.engram.inference.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The outputs of a network on tokens and of the model made from it, for the same samples.
 *
 * @param real of the float network, one vector a sample
 * @param integer of the model, likewise
 */
public record SequenceComparison(List<float[]> real, List<float[]> integer) {

    public SequenceComparison {
        real = List.copyOf(real);
        integer = List.copyOf(integer);
    }

    /**
     * @param backend that runs the model
     * @throws OnnxException if the file is malformed or the model is not one of it
     * @throws IOException if a sample does not fit the inputs
     */
    public static SequenceComparison of(byte[] onnx, Model model, TokenSamples samples, Backend backend)
            throws OnnxException, IOException {
        OnnxModel file = OnnxDecoder.decode(onnx);
        SequenceOptions options = SequenceOptions.of(file, model);
        SequenceGraph network =
                Recogniser.recognise(ExpressionReader.read(file, options.sequence()), options.pooling());
        SequenceInterpreter floats = new SequenceInterpreter(network);
        InferenceEngine engine = new InferenceEngine(backend, 0);
        int output = network.outputs().getFirst();
        List<float[]> real = new ArrayList<>();
        List<float[]> integer = new ArrayList<>();
        for (int i = 0; i < samples.count(); i++) {
            List<int[]> inputs = samples.sample(network, i);
            real.add(floats.run(inputs)[output].clone());
            integer.add(ModelInput.scores(
                    model, engine.run(model, callData(model, inputs)).getFirst().output()));
        }
        return new SequenceComparison(real, integer);
    }

    private static byte[] callData(Model model, List<int[]> inputs) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < inputs.size(); i++) {
            GraphInput input = model.graph().inputs().get(i);
            data.writeBytes(
                    Tensor.of(input.type(), input.shape(), inputs.get(i)).data());
        }
        return data.toByteArray();
    }
}
