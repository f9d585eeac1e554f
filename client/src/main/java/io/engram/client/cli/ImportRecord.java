package io.engram.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.Imported;
import io.engram.inference.quantize.PixelScale;
import io.engram.inference.quantize.RangeMethod;
import io.engram.inference.quantize.WideValues;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The file beside a model that says how it was imported: what {@code model verify} needs and the model does not hold.
 * Royalty, author and largest batch are in the model itself.
 */
final class ImportRecord {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final long MAX_BYTES = 1 << 20;

    private ImportRecord() {}

    static Path beside(Path model) {
        return model.resolveSibling(model.getFileName() + ".import.json");
    }

    static void write(Path model, byte[] onnx, Imported imported, ImportOptions options) throws IOException {
        ObjectNode record = JSON.createObjectNode();
        record.put("version", VERSION);
        record.put("modelId", imported.model().id().toHex());
        record.put("onnxSha256", sha256(onnx));
        record.put("pixelScale", options.pixels().scale());
        record.put("pixelOffset", options.pixels().offset());
        record.put("outputs", options.outputType().name());
        options.wide().ifPresent(values -> record.put("wide", values.name()));
        options.method().ifPresent(method -> record.put("ranges", method.name()));
        ArrayNode shapes = record.putArray("shapes");
        for (List<Integer> shape : options.shapes()) {
            ArrayNode sizes = shapes.addArray();
            shape.forEach(sizes::add);
        }
        Files.writeString(beside(model), record.toPrettyString() + "\n");
    }

    /**
     * The options of the record beside the model; the defaults where there is none.
     *
     * @throws IOException if the record cannot be read or is not one
     */
    static ImportOptions read(Path model) throws IOException {
        Path file = beside(model);
        if (!Files.exists(file)) {
            return ImportOptions.DEFAULT;
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is too large");
        }
        JsonNode record = JSON.readTree(Files.readAllBytes(file));
        if (record.path("version").asInt() != VERSION) {
            throw new IOException(file + ": not an import record of version " + VERSION);
        }
        try {
            ImportOptions options = ImportOptions.DEFAULT
                    .withPixels(new PixelScale(
                            record.path("pixelScale").asDouble(),
                            record.path("pixelOffset").asDouble()))
                    .withOutputType(TensorType.valueOf(record.path("outputs").asText()));
            if (record.has("wide")) {
                options =
                        options.withWide(WideValues.valueOf(record.path("wide").asText()));
            }
            if (record.has("ranges")) {
                options = options.withMethod(
                        RangeMethod.valueOf(record.path("ranges").asText()));
            }
            List<List<Integer>> shapes = new ArrayList<>();
            for (JsonNode shape : record.path("shapes")) {
                List<Integer> sizes = new ArrayList<>();
                shape.forEach(size -> sizes.add(size.asInt()));
                shapes.add(sizes);
            }
            return options.withShapes(shapes);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
