package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.engram.genesis.Address;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.onnx.FloatInterpreter;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network that the demonstration publishes, from its ONNX file. */
class FashionMnistTest {

    private static final String MODEL_ID = "0xb2fe1694b3e6feab68b2c8127b10731b6d380c0b9743d6d467ec946ba6a3bf88";
    private static final Address AUTHOR = Address.fromHex("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    private static final Path DATA = Path.of("/usr/share/datasets/fashion-mnist");
    private static final Path DEMO =
            Path.of(System.getProperty("engram.root", ".."), "client/src/main/resources/io/engram/client/demo");

    @Test
    void theShippedModelIsRebuiltBitForBit() throws Exception {
        Imported imported = importNetwork(2);
        assertThat(imported.model().id().toHex()).isEqualTo(MODEL_ID);
        assertThat(imported.file()).isEqualTo(Files.readAllBytes(DEMO.resolve("fashion-mnist.egm")));
        assertThat(imported.model().graph().author()).isEqualTo(AUTHOR);
        assertThat(imported.report().outputDecibels()).isGreaterThan(30);
        assertThat(imported.network().multiplyAccumulates()).isLessThan(3_000_000);
    }

    @Test
    void theShippedModelClassifiesTheShippedImages() throws Exception {
        Model model = Model.load(Files.readAllBytes(DEMO.resolve("fashion-mnist.egm")), ImportOptions.DEFAULT.limits());
        IdxFile images = IdxFile.read(DEMO.resolve("fashion-mnist-100-images.idx.gz"));
        IdxFile labels = IdxFile.read(DEMO.resolve("fashion-mnist-100-labels.idx"));
        assertThat(images.count()).isEqualTo(100);
        assertThat(Files.readAllLines(DEMO.resolve("fashion-mnist-classes.txt")))
                .hasSize(10);
        assertThat(correct(new Integers(model), images, labels, new SampleRange(0, 100)))
                .isGreaterThanOrEqualTo(88);
    }

    @Test
    @Tag("long")
    void quantisingCostsLessThanThreeTenthsOfAPointOnTheWholeTestSet() throws Exception {
        assumeTrue(Files.isDirectory(DATA), "dataset-fashion-mnist is not installed");
        IdxFile images = IdxFile.read(DATA.resolve("t10k-images-idx3-ubyte.gz"));
        IdxFile labels = IdxFile.read(DATA.resolve("t10k-labels-idx1-ubyte.gz"));
        Imported imported = importNetwork(2);
        int floats = SampleRange.split(
                        images.count(),
                        2,
                        range -> correct(new Floats(new FloatInterpreter(imported.network())), images, labels, range))
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        int integers = SampleRange.split(
                        images.count(), 2, range -> correct(new Integers(imported.model()), images, labels, range))
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        System.out.printf("float %d, integer %d of %d%n", floats, integers, images.count());
        assertThat(floats).isGreaterThanOrEqualTo(9_100);
        assertThat(integers).isGreaterThanOrEqualTo(floats - 30);
    }

    private interface Classifier {
        int classify(byte[] pixels);
    }

    private record Floats(FloatInterpreter interpreter) implements Classifier {
        @Override
        public int classify(byte[] pixels) {
            float[] input = new float[pixels.length];
            for (int i = 0; i < input.length; i++) {
                input[i] = PixelScale.UNIT.apply(pixels[i]);
            }
            interpreter.run(List.of(input));
            float[] scores = interpreter.output();
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                best = scores[i] > scores[best] ? i : best;
            }
            return best;
        }
    }

    private record Integers(Model model) implements Classifier {
        @Override
        public int classify(byte[] pixels) {
            Tensor input = Tensor.wrap(TensorType.INT8, Shape.of(1, 28, 28, 1), ModelInput.ofPixels(pixels));
            Tensor[] values = new IntegerInterpreter(model, new ReferenceBackend()).run(List.of(input));
            Tensor logits = values[model.graph().outputs().getFirst().value()];
            int best = 0;
            for (int i = 1; i < logits.shape().elements(); i++) {
                best = logits.get(i) > logits.get(best) ? i : best;
            }
            return best;
        }
    }

    private static int correct(Classifier classifier, IdxFile images, IdxFile labels, SampleRange range) {
        int size = images.entrySize();
        int correct = 0;
        for (int i = range.from(); i < range.to(); i++) {
            int label = classifier.classify(Arrays.copyOfRange(images.data(), i * size, (i + 1) * size));
            correct += label == labels.data()[i] ? 1 : 0;
        }
        return correct;
    }

    private static Imported importNetwork(int threads) throws Exception {
        CalibrationData calibration = CalibrationData.ofIdx(
                IdxFile.read(new java.io.ByteArrayInputStream(resource("/fashion-mnist-calibration.idx.gz"))));
        return ModelImporter.importOnnx(
                resource("/fashion-mnist.onnx"), calibration, AUTHOR, ImportOptions.DEFAULT.withThreads(threads));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = FashionMnistTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(stream).readAllBytes();
        }
    }
}
