package io.engram.client.cli;

import io.engram.inference.onnx.OnnxDecoder;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.quantize.CalibrationData;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.PixelScale;
import io.engram.inference.quantize.RangeMethod;
import io.engram.inference.quantize.WideValues;
import io.engram.inference.tensor.TensorType;
import io.engram.inference.transformer.SequenceImporter;
import io.engram.inference.transformer.TokenSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a network is read and quantised: what an import and its verification share. All but the threads changes the model. */
final class ImportArguments {

    @Option(
            names = "--pixels",
            paramLabel = "RANGE",
            description = "What the network takes pixels as: unit (0 to 1), signed (−1 to 1) or raw (0 to 255)"
                    + " (default: unit).")
    Optional<String> pixels = Optional.empty();

    @Option(
            names = "--input-shape",
            paramLabel = "SIZES",
            description = "Shape of the input where the file leaves dimensions open, such as 1,3,48,192; once for each"
                    + " input.")
    List<String> shapes = new ArrayList<>();

    @Option(
            names = "--outputs",
            paramLabel = "TYPE",
            description = "int8, or int16 for outputs that can have it (default: int8).")
    Optional<String> outputs = Optional.empty();

    @Option(
            names = "--wide",
            paramLabel = "VALUES",
            description = "none, sums or all: which results inside the network are int16 (default: as few as do).")
    Optional<String> wide = Optional.empty();

    @Option(
            names = "--ranges",
            paramLabel = "METHOD",
            description = "min_max, percentile or mean_squared_error (default: what comes closest).")
    Optional<String> ranges = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "For calibration; the model does not depend on it (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    int threads = 1;

    /**
     * The options with what was given here in place of what {@code base} says.
     *
     * @throws CommandFailedException if a value is unknown
     */
    ImportOptions over(ImportOptions base) throws CommandFailedException {
        try {
            ImportOptions options = base.withThreads(threads);
            options = pixels.isPresent() ? options.withPixels(pixelScale(pixels.get())) : options;
            options = outputs.isPresent() ? options.withOutputType(type(outputs.get())) : options;
            options = wide.isPresent()
                    ? options.withWide(WideValues.valueOf(wide.get().toUpperCase(Locale.ROOT)))
                    : options;
            options = ranges.isPresent()
                    ? options.withMethod(RangeMethod.valueOf(ranges.get().toUpperCase(Locale.ROOT)))
                    : options;
            return shapes.isEmpty() ? options : options.withShapes(sizes());
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("bad option: " + e.getMessage(), e);
        }
    }

    /** Calibration data, one path an input. */
    static List<CalibrationData> data(List<Path> paths) throws IOException {
        List<CalibrationData> data = new ArrayList<>();
        for (Path path : paths) {
            data.add(CalibrationData.of(path));
        }
        return data;
    }

    /** Samples of a network on tokens, which lie in one directory. */
    static TokenSamples tokens(List<Path> paths, byte[] onnx)
            throws IOException, OnnxException, CommandFailedException {
        if (paths.size() != 1) {
            throw new CommandFailedException("samples of a network on tokens are one directory of .npy files");
        }
        return TokenSamples.read(paths.getFirst(), SequenceImporter.inputs(OnnxDecoder.decode(onnx)));
    }

    private List<List<Integer>> sizes() {
        return shapes.stream()
                .map(text ->
                        Arrays.stream(text.split(",")).map(Integer::valueOf).toList())
                .toList();
    }

    private static TensorType type(String name) {
        return switch (name) {
            case "int8" -> TensorType.INT8;
            case "int16" -> TensorType.INT16;
            default -> throw new IllegalArgumentException("a type is int8 or int16, not " + name);
        };
    }

    private static PixelScale pixelScale(String name) {
        return switch (name) {
            case "unit" -> PixelScale.UNIT;
            case "signed" -> PixelScale.SIGNED;
            case "raw" -> PixelScale.RAW;
            default -> throw new IllegalArgumentException("--pixels is unit, signed or raw, not " + name);
        };
    }
}
