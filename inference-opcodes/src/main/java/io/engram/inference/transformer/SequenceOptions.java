package io.engram.inference.transformer;

import io.engram.genesis.config.InferenceConfig;
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
}
