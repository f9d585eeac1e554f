package io.engram.training;

import io.engram.genesis.Address;
import io.engram.inference.quantize.CalibrationData;
import io.engram.inference.quantize.IdxFile;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.Imported;
import io.engram.inference.quantize.ModelImporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the files that the demonstration and the tests ship: {@code PackDemo DATA_FOLDER NET.onnx REPOSITORY}. Calibration
 * images are the first of the training set, demonstration images the first of the test set.
 */
public final class PackDemo {

    private static final int CALIBRATION_IMAGES = 384;
    private static final int DEMO_IMAGES = 100;
    /** The first account of the well-known development mnemonic. */
    private static final String AUTHOR = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    private PackDemo() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("PackDemo DATA_FOLDER NET.onnx REPOSITORY");
        }
        Path data = Path.of(arguments[0]);
        byte[] onnx = Files.readAllBytes(Path.of(arguments[1]));
        Path tests = Path.of(arguments[2]).resolve("inference-opcodes/src/test/resources");
        Path demo = Path.of(arguments[2]).resolve("client/src/main/resources/io/engram/client/demo");
        Files.createDirectories(tests);
        Files.createDirectories(demo);

        IdxFile calibration = ImageSet.read(data, "train").images().slice(0, CALIBRATION_IMAGES);
        ImageSet test = ImageSet.read(data, "t10k");
        long start = System.nanoTime();
        Imported imported = ModelImporter.importOnnx(
                onnx, CalibrationData.ofIdx(calibration), Address.fromHex(AUTHOR), ImportOptions.DEFAULT);
        System.out.printf(
                "model %s, %d bytes, imported in %.1f s%n%s%n",
                imported.model().id(), imported.file().length, (System.nanoTime() - start) / 1e9, imported.report());

        Files.write(tests.resolve("fashion-mnist.onnx"), onnx);
        Files.write(tests.resolve("fashion-mnist-calibration.idx.gz"), gzip(calibration.encode()));
        Files.write(demo.resolve("fashion-mnist.egm"), imported.file());
        Files.write(
                demo.resolve("fashion-mnist-100-images.idx.gz"),
                gzip(test.images().slice(0, DEMO_IMAGES).encode()));
        Files.write(
                demo.resolve("fashion-mnist-100-labels.idx"),
                test.labels().slice(0, DEMO_IMAGES).encode());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
