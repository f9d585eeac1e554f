package io.engram.inference.quantize;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.Graph;
import io.engram.inference.tensor.TensorType;
import java.util.Optional;

/**
 * How a network becomes a model.
 *
 * @param maxBatch samples that one call may hold
 * @param royalty the part of the base fee that the author asks for, 0 to 65535, in 1/65536
 * @param pixels what pixels of calibration images mean to the network
 * @param outputType {@code INT8}, or {@code INT16} for outputs of layers that can give it
 * @param method how ranges are chosen; where empty, each is tried and the one with the least error at the outputs is kept
 * @param threads for calibration; the result does not depend on it
 * @param limits that the model must keep
 */
public record ImportOptions(
        int maxBatch,
        int royalty,
        PixelScale pixels,
        TensorType outputType,
        Optional<RangeMethod> method,
        int threads,
        InferenceConfig.Limits limits) {

    public static final ImportOptions DEFAULT = new ImportOptions(
            16,
            Graph.MAX_ROYALTY,
            PixelScale.UNIT,
            TensorType.INT8,
            Optional.empty(),
            1,
            InferenceConfig.Limits.DEFAULT);

    public ImportOptions {
        if (maxBatch < 1
                || royalty < 0
                || royalty > Graph.MAX_ROYALTY
                || threads < 1
                || outputType == TensorType.INT32) {
            throw new IllegalArgumentException("import options out of range");
        }
    }

    public ImportOptions withThreads(int number) {
        return new ImportOptions(maxBatch, royalty, pixels, outputType, method, number, limits);
    }

    public ImportOptions withRoyalty(int share) {
        return new ImportOptions(maxBatch, share, pixels, outputType, method, threads, limits);
    }

    public ImportOptions withPixels(PixelScale scale) {
        return new ImportOptions(maxBatch, royalty, scale, outputType, method, threads, limits);
    }

    public ImportOptions withOutputType(TensorType type) {
        return new ImportOptions(maxBatch, royalty, pixels, type, method, threads, limits);
    }

    public ImportOptions withMethod(RangeMethod range) {
        return new ImportOptions(maxBatch, royalty, pixels, outputType, Optional.of(range), threads, limits);
    }
}
