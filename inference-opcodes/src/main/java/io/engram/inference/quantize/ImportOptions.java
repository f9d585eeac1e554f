package io.engram.inference.quantize;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.tensor.TensorType;
import java.util.Optional;

/**
 * How a network becomes a model.
 *
 * @param maxBatch samples that one call may hold
 * @param pixels what pixels of calibration images mean to the network
 * @param outputType {@code INT8}, or {@code INT16} for outputs of layers that can give it
 * @param method how ranges are chosen; where empty, each is tried and the one with the least error at the outputs is kept
 * @param threads for calibration; the result does not depend on it
 * @param limits that the model must keep
 */
public record ImportOptions(
        int maxBatch,
        PixelScale pixels,
        TensorType outputType,
        Optional<RangeMethod> method,
        int threads,
        InferenceConfig.Limits limits) {

    public static final ImportOptions DEFAULT = new ImportOptions(
            16, PixelScale.UNIT, TensorType.INT8, Optional.empty(), 1, InferenceConfig.Limits.DEFAULT);

    public ImportOptions {
        if (maxBatch < 1 || threads < 1 || outputType == TensorType.INT32) {
            throw new IllegalArgumentException("import options out of range");
        }
    }

    public ImportOptions withThreads(int number) {
        return new ImportOptions(maxBatch, pixels, outputType, method, number, limits);
    }

    public ImportOptions withPixels(PixelScale scale) {
        return new ImportOptions(maxBatch, scale, outputType, method, threads, limits);
    }

    public ImportOptions withOutputType(TensorType type) {
        return new ImportOptions(maxBatch, pixels, type, method, threads, limits);
    }

    public ImportOptions withMethod(RangeMethod range) {
        return new ImportOptions(maxBatch, pixels, outputType, Optional.of(range), threads, limits);
    }
}
