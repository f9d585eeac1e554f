package io.engram.inference.quantize;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.Graph;
import io.engram.inference.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * How a network becomes a model.
 *
 * @param maxBatch samples that one call may hold
 * @param royalty the part of the base fee that the author asks for, 0 to 65535, in 1/65536
 * @param pixels what pixels of calibration images mean to the network
 * @param outputType {@code INT8}, or {@code INT16} for outputs of layers that can give it
 * @param wide which results inside the network are int16; where empty, more the less exact the outputs are without
 * @param method how ranges are chosen; where empty, each is tried and the one with the least error at the outputs is kept
 * @param threads for calibration; the result does not depend on it
 * @param limits that the model must keep
 * @param shapes of the inputs in the file's order where the file leaves dimensions open; empty for the file's own
 */
public record ImportOptions(
        int maxBatch,
        int royalty,
        PixelScale pixels,
        TensorType outputType,
        Optional<WideValues> wide,
        Optional<RangeMethod> method,
        int threads,
        InferenceConfig.Limits limits,
        List<List<Integer>> shapes) {

    public static final ImportOptions DEFAULT = new ImportOptions(
            16,
            Graph.MAX_ROYALTY,
            PixelScale.UNIT,
            TensorType.INT8,
            Optional.empty(),
            Optional.empty(),
            1,
            InferenceConfig.Limits.DEFAULT,
            List.of());

    public ImportOptions {
        shapes = shapes.stream().map(List::copyOf).toList();
        if (maxBatch < 1
                || royalty < 0
                || royalty > Graph.MAX_ROYALTY
                || threads < 1
                || outputType == TensorType.INT32) {
            throw new IllegalArgumentException("import options out of range");
        }
    }

    public ImportOptions withThreads(int number) {
        return new ImportOptions(maxBatch, royalty, pixels, outputType, wide, method, number, limits, shapes);
    }

    public ImportOptions withRoyalty(int share) {
        return new ImportOptions(maxBatch, share, pixels, outputType, wide, method, threads, limits, shapes);
    }

    public ImportOptions withMaxBatch(int samples) {
        return new ImportOptions(samples, royalty, pixels, outputType, wide, method, threads, limits, shapes);
    }

    public ImportOptions withPixels(PixelScale scale) {
        return new ImportOptions(maxBatch, royalty, scale, outputType, wide, method, threads, limits, shapes);
    }

    public ImportOptions withOutputType(TensorType type) {
        return new ImportOptions(maxBatch, royalty, pixels, type, wide, method, threads, limits, shapes);
    }

    public ImportOptions withLimits(InferenceConfig.Limits bounds) {
        return new ImportOptions(maxBatch, royalty, pixels, outputType, wide, method, threads, bounds, shapes);
    }

    public ImportOptions withMethod(RangeMethod range) {
        return new ImportOptions(
                maxBatch, royalty, pixels, outputType, wide, Optional.of(range), threads, limits, shapes);
    }

    public ImportOptions withWide(WideValues values) {
        return new ImportOptions(
                maxBatch, royalty, pixels, outputType, Optional.of(values), method, threads, limits, shapes);
    }

    /** Shapes of the inputs in the file's order, for files that leave dimensions open. */
    public ImportOptions withShapes(List<List<Integer>> sizes) {
        return new ImportOptions(maxBatch, royalty, pixels, outputType, wide, method, threads, limits, sizes);
    }
}
