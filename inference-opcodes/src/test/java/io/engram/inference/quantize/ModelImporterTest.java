package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.onnx.OnnxException;
import io.engram.inference.onnx.OnnxSketch;
import io.engram.inference.onnx.SketchedNetworks;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelImporterTest {

    private static final int SAMPLES = 48;

    static Map<String, byte[]> networks() {
        return SketchedNetworks.all();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theIntegerNetworkComputesNearlyWhatTheFloatNetworkDoes(String name) throws Exception {
        Imported imported = importWith(name, ImportOptions.DEFAULT);
        assertThat(imported.report().samples()).isEqualTo(SAMPLES);
        if (name.contains("index")) {
            assertThat(imported.report().agreement()).isGreaterThan(0.9);
        } else {
            assertThat(imported.report().outputDecibels())
                    .as(imported.report().toString())
                    .isGreaterThan(25);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theModelDoesNotDependOnTheNumberOfThreads(String name) throws Exception {
        byte[] one = importWith(name, ImportOptions.DEFAULT).file();
        assertThat(importWith(name, ImportOptions.DEFAULT.withThreads(3)).file())
                .isEqualTo(one);
        assertThat(importWith(name, ImportOptions.DEFAULT.withThreads(64)).file())
                .isEqualTo(one);
    }

    @Test
    void wideOutputsAreMoreExact() throws Exception {
        String name = "convolution, batch norm, relu, pools, flatten, gemm";
        double narrow = importWith(name, ImportOptions.DEFAULT).report().outputDecibels();
        Imported wide = importWith(name, ImportOptions.DEFAULT.withOutputType(TensorType.INT16));
        assertThat(wide.report().outputDecibels()).isGreaterThan(narrow);
        assertThat(wide.model().facts().outputBytes()).isEqualTo(2 * 5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void int16EverywhereIsMoreExactAndEachTimeTheSame(String name) throws Exception {
        ImportOptions options = ImportOptions.DEFAULT.withWide(WideValues.ALL).withOutputType(TensorType.INT16);
        Imported wide = importWith(name, options);
        assertThat(importWith(name, options.withThreads(3)).file()).isEqualTo(wide.file());
        ImportOptions narrow = options.withWide(WideValues.NONE);
        assertThat(wide.report().outputDecibels())
                .as(wide.report().toString())
                .isGreaterThanOrEqualTo(importWith(name, narrow).report().outputDecibels());
    }

    /** Channels of very different sizes behind a curve, which no equalisation can reach. */
    @Test
    void channelsBehindACurveKeepTheirPrecision() throws Exception {
        float[] sizes = new float[16];
        float[] inverses = new float[16];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = i % 4 == 0 ? 6 : 0.05f;
            inverses[i] = 1 / sizes[i];
        }
        byte[] onnx = new OnnxSketch(new SplittableRandom(5), 1, 4, 13, 13)
                .weights("w1", 0.5, 16, 4, 1, 1)
                .node("Conv", "x w1", "a")
                .floats("sizes", sizes)
                .longs("each", 1, 16, 1, 1)
                .node("Reshape", "sizes each", "scale")
                .node("Mul", "a scale", "b")
                .node("HardSwish", "b", "c")
                .weights("w2", 0.4, 16, 1, 3, 3)
                .node("Conv", "c w2", "d", "group", 16, "pads", new long[] {1, 1, 1, 1})
                .floats("inverses", inverses)
                .node("Reshape", "inverses each", "back")
                .node("Mul", "d back", "e0")
                .node("HardSwish", "e0", "e")
                .weights("w3", 0.3, 16, 16, 1, 1)
                .node("Conv", "e w3", "f")
                .node("GlobalAveragePool", "f", "g")
                .node("Flatten", "g", "y")
                .encode("y");
        CalibrationData data = samples(new int[] {1, 4, 13, 13});
        ImportOptions narrow = ImportOptions.DEFAULT.withWide(WideValues.NONE);
        Imported chosen = ModelImporter.importOnnx(onnx, data, Address.ZERO, ImportOptions.DEFAULT);
        double before = ModelImporter.importOnnx(onnx, data, Address.ZERO, narrow)
                .report()
                .outputDecibels();
        assertThat(chosen.report().wide()).isEqualTo(WideValues.ALL);
        assertThat(chosen.report().outputDecibels()).isGreaterThan(before + 3);
        assertThat(chosen.report().layers())
                .extracting(QuantizationReport.Layer::operator)
                .contains("wide_dense", "interpolate", "mean");
    }

    @Test
    void noMethodBeatsTheOneThatWasChosen() throws Exception {
        String name = "residual, gate, tables, concat, transpose, argmax";
        double chosen = importWith(name, ImportOptions.DEFAULT).report().outputDecibels();
        for (RangeMethod method : RangeMethod.values()) {
            assertThat(importWith(name, ImportOptions.DEFAULT.withMethod(method))
                            .report()
                            .outputDecibels())
                    .isLessThanOrEqualTo(chosen);
        }
    }

    @Test
    void channelsOfZerosAndHugeBiasesPassTheStaticCheck() throws Exception {
        byte[] onnx = new OnnxSketch(new SplittableRandom(3), 1, 1, 4, 4)
                .weights("w", 0, 3, 1, 1, 1)
                .floats("b", 0, 1e6f, -3)
                .node("Conv", "x w b", "y")
                .encode("y");
        Imported imported =
                ModelImporter.importOnnx(onnx, samples(new int[] {1, 1, 4, 4}), Address.ZERO, ImportOptions.DEFAULT);
        assertThat(imported.report().outputDecibels()).isGreaterThan(40);
    }

    @Test
    void samplesOfAnotherShapeAreRefused() {
        byte[] onnx = networks().values().iterator().next();
        assertThatThrownBy(() -> ModelImporter.importOnnx(
                        onnx, samples(new int[] {1, 3, 5, 5}), Address.ZERO, ImportOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not fit the input");
    }

    @Test
    void aModelOverALimitIsRefused() {
        byte[] onnx = new OnnxSketch(new SplittableRandom(3), 1, 4)
                .weights("w", 1, 4, 4)
                .node("MatMul", "x w", "y")
                .encode("y");
        ImportOptions tooManySamples = new ImportOptions(
                1_000_000,
                0,
                PixelScale.UNIT,
                TensorType.INT8,
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                1,
                ImportOptions.DEFAULT.limits(),
                java.util.List.of());
        assertThatThrownBy(
                        () -> ModelImporter.importOnnx(onnx, samples(new int[] {1, 4}), Address.ZERO, tooManySamples))
                .isInstanceOf(MalformedModelException.class);
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedWithTheNode() {
        byte[] onnx = new OnnxSketch(new SplittableRandom(3), 1, 4)
                .floats("big", 3e38f)
                .node("Mul", "x big", "m")
                .node("Mul", "m big", "y")
                .encode("y");
        assertThatThrownBy(() ->
                        ModelImporter.importOnnx(onnx, samples(new int[] {1, 4}), Address.ZERO, ImportOptions.DEFAULT))
                .isInstanceOf(UnsupportedOperatorException.class);
    }

    @Test
    void aChangedFileBecomesAModelOrEndsInADeclaredException() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (String name : names()) {
            byte[] onnx = networks().getOrDefault(name, new byte[0]);
            for (int i = 0; i < 150; i++) {
                try {
                    ModelImporter.importOnnx(
                            OnnxSketch.mutate(onnx, random),
                            samples(shape(name), 3),
                            Address.ZERO,
                            ImportOptions.DEFAULT.withMethod(RangeMethod.PERCENTILE));
                } catch (OnnxException | MalformedModelException | IOException e) {
                    refused++;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("seed " + seed + ", " + name + ", mutation " + i, e);
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    private static java.util.Set<String> names() {
        return networks().keySet();
    }

    private static Imported importWith(String name, ImportOptions options) throws Exception {
        byte[] onnx = networks().getOrDefault(name, new byte[0]);
        return ModelImporter.importOnnx(onnx, samples(shape(name)), Address.ZERO, options);
    }

    private static int[] shape(String name) {
        return switch (name.substring(0, 5)) {
            case "convo" -> new int[] {1, 3, 12, 10};
            case "strid" -> new int[] {1, 4, 13, 13};
            case "resid" -> new int[] {1, 6, 8, 8};
            case "input" -> new int[] {1, 8, 8, 3};
            case "scale" -> new int[] {1, 5, 6, 6};
            default -> new int[] {1, 20};
        };
    }

    private static CalibrationData samples(int[] shape) {
        return samples(shape, SAMPLES);
    }

    private static CalibrationData samples(int[] shape, int number) {
        SplittableRandom random = new SplittableRandom(11);
        int[] all = shape.clone();
        all[0] = number;
        int count = 1;
        for (int size : all) {
            count *= size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return CalibrationData.ofNumbers(new NpyFile(all, values));
    }
}
