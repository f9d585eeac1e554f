package io.engram.inference.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.inference.model.Graph;
import io.engram.inference.onnx.OnnxSketch;
import io.engram.inference.onnx.OnnxType;
import io.engram.inference.onnx.QuantizedNetworks;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Files that are quantised already. */
class QuantizedImportTest {

    @Test
    void theWeightsOfTheFileAreKeptToTheBit() throws Exception {
        Graph graph = imported(QuantizedNetworks.pairs()).model().graph();
        List<Tensor> kernels = graph.constants().stream()
                .filter(constant -> constant.shape().rank() == 4)
                .toList();
        assertThat(kernels).hasSize(2);
        assertThat(kernels.get(0).toArray())
                .isEqualTo(channelsLast(QuantizedNetworks.first(), QuantizedNetworks.firstShape(), 0));
        assertThat(kernels.get(1).toArray())
                .isEqualTo(channelsLast(QuantizedNetworks.second(), QuantizedNetworks.secondShape(), 128));
        assertThat(graph.inputs().getFirst().zeroPoint()).isEqualTo(120 - 128);
        assertThat(graph.outputs().getFirst().zeroPoint()).isEqualTo(100 - 128);
        assertThat(graph.outputs().getFirst().scale().toDouble()).isEqualTo(0.5);
        assertThat(graph.nodes()).hasSize(3);
        assertThat(graph.nodes().get(1).operator()).isInstanceOf(MaxPool.class);
    }

    @Test
    void pairsAndIntegerOperatorsGiveTheSameModel() throws Exception {
        assertThat(imported(QuantizedNetworks.integers()).file())
                .isEqualTo(imported(QuantizedNetworks.pairs()).file());
    }

    @Test
    void theModelRoundsAsTheFileSays() throws Exception {
        // Differences come from halves alone: the file rounds them to even, the chain upwards.
        assertThat(imported(QuantizedNetworks.pairs()).report().outputDecibels())
                .isGreaterThan(45);
    }

    @Test
    void sumsOfIntegersThatAreScaledLaterKeepTheirWeights() throws Exception {
        Imported imported = imported(QuantizedNetworks.sums());
        // The input is an image, which a product takes in the order of the file: a transpose and the layer.
        assertThat(imported.model().graph().nodes()).hasSize(2);
        assertThat(imported.report().outputDecibels()).isGreaterThan(40);
    }

    @Test
    void integersOtherThanEightBitsAreRefusedWithTheNode() {
        byte[] file = new OnnxSketch(new SplittableRandom(1), 1, 4)
                .floats("s", 0.1f)
                .ints("z", 0)
                .node("QuantizeLinear", "x s z", "q")
                .node("DequantizeLinear", "q s z", "y")
                .encode("y");
        assertThatThrownBy(() -> imported(file, 1, 4)).isInstanceOfSatisfying(UnsupportedOperatorException.class, e -> {
            assertThat(e.operator()).isEqualTo("QuantizeLinear");
            assertThat(e.node()).isEqualTo("q");
        });
    }

    @Test
    void realArithmeticOnIntegersIsRefusedWithTheNode() {
        byte[] file = new OnnxSketch(new SplittableRandom(1), 1, 4)
                .floats("s", 0.1f)
                .bytes("z", OnnxType.INT8, new int[0], 0)
                .node("QuantizeLinear", "x s z", "q")
                .node("Relu", "q", "y")
                .encode("y");
        assertThatThrownBy(() -> imported(file, 1, 4))
                .isInstanceOfSatisfying(
                        UnsupportedOperatorException.class,
                        e -> assertThat(e.operator()).isEqualTo("Relu"));
    }

    private static int[] channelsLast(int[] values, int[] shape, int zeroPoint) {
        List<Integer> moved = new ArrayList<>();
        int cells = shape[2] * shape[3];
        for (int output = 0; output < shape[0]; output++) {
            for (int cell = 0; cell < cells; cell++) {
                for (int channel = 0; channel < shape[1]; channel++) {
                    moved.add(values[(output * shape[1] + channel) * cells + cell] - zeroPoint);
                }
            }
        }
        return moved.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Imported imported(byte[] file) throws Exception {
        return imported(file, QuantizedNetworks.inputShape());
    }

    private static Imported imported(byte[] file, int... shape) throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        int count = 24;
        for (int size : shape) {
            count *= size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        int[] all = shape.clone();
        all[0] = 24;
        ImportOptions options = ImportOptions.DEFAULT.withWide(WideValues.NONE);
        return ModelImporter.importOnnx(
                file, CalibrationData.ofNumbers(new NpyFile(all, values)), Address.ZERO, options);
    }
}
