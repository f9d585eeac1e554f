package io.engram.acceptance.zoo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import io.engram.genesis.Address;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Value;
import io.engram.inference.quantize.CalibrationData;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.Imported;
import io.engram.inference.quantize.ModelImporter;
import io.engram.inference.quantize.ModelInput;
import io.engram.inference.quantize.PixelImage;
import io.engram.inference.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A network of the zoo as a model, and ONNX Runtime on the same file. */
final class ZooNetwork implements AutoCloseable {

    private static final Path ZOO = Path.of(System.getProperty("engram.root", ".."), "acceptance-tests", "zoo");
    private static final int FETCH_SECONDS = 120;

    private final Model model;
    private final FloatOracle oracle;
    private final InferenceEngine engine;

    private ZooNetwork(Model model, FloatOracle oracle, InferenceEngine engine) {
        this.model = model;
        this.oracle = oracle;
        this.engine = engine;
    }

    /** Imports the network; the test is skipped, with the reason, where it cannot be fetched. */
    static ZooNetwork of(String name, List<BufferedImage> calibration, ImportOptions options) throws Exception {
        Path file = fetched(name);
        List<PixelImage> images = calibration.stream().map(ZooNetwork::pixels).toList();
        Imported imported = ModelImporter.importOnnx(
                Files.readAllBytes(file), CalibrationData.ofImages(images), Address.ZERO, options);
        System.out.printf(
                "%s: outputs %s dB, ranges by %s, equalisation %.1f, int16 %s%n",
                name,
                imported.report().outputs(),
                imported.report().method(),
                imported.report().equalisation(),
                imported.report().wide());
        Backends fastest = Backends.available().contains("vector") ? Backends.VECTOR : Backends.REFERENCE;
        return new ZooNetwork(imported.model(), new FloatOracle(file), new InferenceEngine(fastest.open(1), 0));
    }

    /** Of a chain with other limits than the default ones: the back camera's network has too many operations for those. */
    static InferenceConfig.Limits limitsForLargeImages() throws IOException, InvalidGenesisException {
        return GenesisFile.read(ZOO.resolve("large-images.json"))
                .config()
                .inference()
                .orElseThrow()
                .limits();
    }

    private static Path fetched(String name) throws IOException, InterruptedException {
        Path file = ZOO.resolve("models").resolve(name + ".onnx");
        if (!Files.exists(file)) {
            Path log = Files.createTempFile("zoo", ".log");
            Process fetch = new ProcessBuilder(
                            ZOO.resolve("fetch.sh").toAbsolutePath().toString(), name)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = fetch.waitFor(FETCH_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                fetch.destroyForcibly();
            }
            assumeTrue(Files.exists(file), "zoo/fetch.sh could not fetch " + name + ": " + Files.readString(log));
        }
        return file;
    }

    Model model() {
        return model;
    }

    /** The sample of a picture. */
    byte[] input(BufferedImage picture) throws IOException {
        return ModelInput.ofImage(model, pixels(picture));
    }

    /** The outputs of the model as real numbers. */
    List<float[]> integer(BufferedImage picture) throws IOException {
        byte[] bytes = engine.run(model, input(picture)).getFirst().output();
        List<float[]> outputs = new ArrayList<>();
        int from = 0;
        for (GraphOutput output : model.graph().outputs()) {
            Value value = model.value(output.value());
            int to = from + Math.toIntExact(value.bytes());
            Tensor tensor = Tensor.wrap(value.type(), value.shape(), Arrays.copyOfRange(bytes, from, to));
            float[] reals = new float[tensor.shape().elements()];
            for (int i = 0; i < reals.length; i++) {
                reals[i] = (float)
                        ((tensor.get(i) - output.zeroPoint()) * output.scale().toDouble());
            }
            outputs.add(reals);
            from = to;
        }
        return outputs;
    }

    /** The outputs of ONNX Runtime for pixels from −1 to 1. */
    List<float[]> real(BufferedImage picture, boolean channelsLast) throws Exception {
        byte[] bytes = pixels(picture).pixels();
        int cells = picture.getWidth() * picture.getHeight();
        float[] values = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            int at = channelsLast ? i : i % 3 * cells + i / 3;
            values[at] = (bytes[i] & 0xff) * 2f / 255 - 1;
        }
        return channelsLast
                ? oracle.run(values, 1, picture.getHeight(), picture.getWidth(), 3)
                : oracle.run(values, 1, 3, picture.getHeight(), picture.getWidth());
    }

    private static PixelImage pixels(BufferedImage picture) {
        byte[] pixels = new byte[picture.getWidth() * picture.getHeight() * 3];
        for (int i = 0; i < pixels.length / 3; i++) {
            int rgb = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
            pixels[3 * i] = (byte) (rgb >> 16);
            pixels[3 * i + 1] = (byte) (rgb >> 8);
            pixels[3 * i + 2] = (byte) rgb;
        }
        return new PixelImage(picture.getHeight(), picture.getWidth(), 3, pixels);
    }

    @Override
    public void close() throws OrtException {
        oracle.close();
    }
}
