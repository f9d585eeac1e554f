package io.engram.inference.transformer;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.MalformedOnnxException;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxModel;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.TensorType;

/**
 * How a network on tokens becomes a model.
 *
 * @param sequence tokens of a sample: what symbolic dimensions become
 * @param precision of what dense layers multiply by their weights
 * @param outputType {@code INT8} or {@code INT16}
 * @param maxBatch samples that one call may hold
 * @param royalty the part of the base fee that the author asks for, in 1/65536
 * @param limits that the model must keep
 */
public record SequenceOptions(
        int sequence,
        Pooling pooling,
        Precision precision,
        TensorType outputType,
        int maxBatch,
        int royalty,
        InferenceConfig.Limits limits) {

    public static final int MAX_SEQUENCE = 4_096;

    public SequenceOptions {
        if (sequence < 1 || sequence > MAX_SEQUENCE || outputType == TensorType.INT32) {
            throw new IllegalArgumentException("a sequence of " + sequence + " tokens, outputs of " + outputType);
        }
    }

    /**
     * The options that a model was imported with, read off the model.
     *
     * @throws OnnxException if the file is malformed or the model is not one of it
     */
    public static SequenceOptions of(OnnxModel file, Model model) throws OnnxException {
        Graph graph = model.graph();
        int sequence = graph.inputs().getFirst().shape().elements();
        Value output = model.value(graph.outputs().getFirst().value());
        SequenceGraph network = Recogniser.recognise(ExpressionReader.read(file, sequence), Pooling.NONE);
        int tokens = network.nodes().get(network.outputs().getFirst()).size();
        if (network.inputs().size() != graph.inputs().size()) {
            throw new MalformedOnnxException("the model has other inputs than the file");
        }
        boolean narrow = graph.nodes().stream().anyMatch(node -> node.operator() instanceof DynamicDense);
        return new SequenceOptions(
                sequence,
                output.shape().elements() == tokens ? Pooling.NONE : Pooling.MEAN,
                narrow ? Precision.INT8 : Precision.INT16,
                output.type(),
                graph.maxBatch(),
                graph.royalty(),
                InferenceConfig.Limits.DEFAULT);
    }

    public SequenceOptions withLimits(InferenceConfig.Limits bounds) {
        return new SequenceOptions(sequence, pooling, precision, outputType, maxBatch, royalty, bounds);
    }
}
