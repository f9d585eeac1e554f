package io.engram.inference.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.inference.AllBackends;
import io.engram.inference.MalformedModelException;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Scale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The corners of the specification, kept as bits: name, modelId, input, output, and the roots of inputs, outputs and
 * steps. A change of any of them is a change of consensus. With {@code -Dengram.golden=FILE} the present values are
 * written there.
 */
class GoldenVectorsTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final List<InferenceEngine> FAST = AllBackends.onOneThread();
    private static final OutputRange INT32 = new OutputRange(TensorType.INT32, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);

    /** A graph and the operands that are its inputs. */
    private record Vector(Graph graph, List<Tensor> inputs) {}

    @Test
    void everyVectorIsWhatItAlwaysWasAndWhatTheTextSays() throws Exception {
        List<String> lines = new ArrayList<>();
        vectors().forEach((name, vector) -> lines.add(line(name, vector)));
        String path = System.getProperty("engram.golden");
        if (path != null) {
            Files.write(Path.of(path), lines);
        }
        try (InputStream in = GoldenVectorsTest.class.getResourceAsStream("/io/engram/inference/golden.txt")) {
            assertThat(in).isNotNull();
            assertThat(lines)
                    .isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        }
    }

    @Test
    void everyOperatorHasAVector() {
        Set<Integer> covered = vectors().values().stream()
                .flatMap(vector -> vector.graph.nodes().stream())
                .map(node -> node.operator().code())
                .collect(Collectors.toSet());
        Set<Integer> known = IntStream.range(0, 256)
                .filter(GoldenVectorsTest::isKnown)
                .boxed()
                .collect(Collectors.toSet());
        assertThat(covered).isEqualTo(known).isNotEmpty();
    }

    private static boolean isKnown(int code) {
        try {
            Operator _ = OperatorCodec.decode(code, new int[0]);
            return true;
        } catch (MalformedModelException e) {
            return !String.valueOf(e.getMessage()).endsWith(": unknown");
        }
    }

    private static String line(String name, Vector vector) {
        Model model = TestGraphs.model(vector.graph);
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        vector.inputs.forEach(tensor -> input.writeBytes(tensor.data()));
        Inference inference = new InferenceEngine(new ReferenceBackend())
                .run(model, input.toByteArray())
                .get(0);
        for (InferenceEngine engine : FAST) {
            assertThat(engine.run(model, input.toByteArray()).get(0))
                    .as("%s by %s", name, engine.backend())
                    .usingRecursiveComparison()
                    .isEqualTo(inference);
        }
        Inference naive = NaiveInference.of(model, vector.graph, vector.inputs);
        assertThat(inference).as(name).usingRecursiveComparison().isEqualTo(naive);
        return String.join(
                " ",
                name,
                HEX.formatHex(model.id().toArray()),
                HEX.formatHex(input.toByteArray()),
                HEX.formatHex(inference.output()),
                HEX.formatHex(inference.inputRoot().toArray()),
                HEX.formatHex(inference.outputRoot().toArray()),
                HEX.formatHex(inference.stepsRoot().toArray()));
    }

    private static Map<String, Vector> vectors() {
        Map<String, Vector> vectors = new LinkedHashMap<>();
        Tensor wide = Tensor.of(
                TensorType.INT32, Shape.of(1, 10), -5, -3, -2, -1, 0, 1, 2, 3, Integer.MIN_VALUE, Integer.MAX_VALUE);
        vectors.put("round-half-up", single(new Requantise(0, new Rescale(1, 1), INT32), wide));
        vectors.put("identity", single(new Requantise(0, Rescale.IDENTITY, INT32), wide));
        vectors.put(
                "largest-multiplier-and-shift",
                single(new Requantise(0, new Rescale(Integer.MAX_VALUE, 62), OutputRange.int8(-128)), wide));
        vectors.put("zero-multiplier", single(new Requantise(0, new Rescale(0, 1), OutputRange.int8(7)), wide));
        vectors.put(
                "int16-leaves-out-its-lowest",
                single(
                        new Requantise(0, Rescale.IDENTITY, new OutputRange(TensorType.INT16, 0, -32_767, 32_767)),
                        wide));
        vectors.put("clamp", single(new Clamp(-2, 1), wide));
        vectors.put("pad", single(new Pad(List.of(0, 1), List.of(0, 2), -9), wide));
        vectors.put(
                "argmax-of-equals",
                single(new ArgMax(), Tensor.of(TensorType.INT8, Shape.of(1, 2, 3), -128, 5, 5, 7, 7, 7)));
        Tensor image = Tensor.of(TensorType.INT8, Shape.of(1, 3, 3, 1), -128, -1, -2, 0, -1, 1, 2, 127, -128);
        vectors.put(
                "average-of-real-cells",
                single(new AveragePool(2, 2, Window.of(2, 1), 0, Rescale.IDENTITY, OutputRange.int8(0)), image));
        vectors.put(
                "average-with-one-rounding",
                single(
                        new AveragePool(
                                3, 3, Window.of(1, 1), -128, new Rescale(1_431_655_765, 31), OutputRange.int8(-128)),
                        image));
        vectors.put(
                "maximum-without-padding",
                single(
                        new MaxPool(3, 2, Window.of(1, 1), 0, Rescale.IDENTITY, OutputRange.int8(0)),
                        Tensor.of(TensorType.INT8, Shape.of(1, 2, 2, 1), -128, -127, -128, -126)));
        vectors.put(
                "padding-is-the-zero-point",
                weighted(new Conv2d(Window.of(1, 1), 1, -128, INT32), image, Shape.of(2, 3, 3, 1), 2));
        vectors.put(
                "groups-stride-dilation",
                weighted(
                        new Conv2d(new Window(2, 1, 1, 2, 0, 2, 1, 1), 2, 3, INT32),
                        TestGraphs.tensor(TestGraphs.random(3), TensorType.INT8, Shape.of(1, 4, 5, 4), -128, 127),
                        Shape.of(6, 2, 3, 2),
                        6));
        vectors.put(
                "depthwise",
                weighted(
                        new DepthwiseConv2d(new Window(1, 2, 2, 1, 1, 0, 0, 1), 127, INT32),
                        TestGraphs.tensor(TestGraphs.random(4), TensorType.INT8, Shape.of(1, 4, 5, 3), -128, 127),
                        Shape.of(2, 3, 3),
                        3));
        Tensor row = Tensor.of(TensorType.INT8, Shape.of(1, 2, 4), -128, -128, 127, 0, 3, 3, 3, 3);
        vectors.put("dense", weighted(new Dense(-128, INT32), row, Shape.of(3, 4), 3));
        vectors.put("transpose", single(new Transpose(List.of(0, 2, 1)), row));
        vectors.put("reshape", single(new Reshape(Shape.of(1, 8)), row));
        Tensor table = Tensor.zeros(TensorType.INT32, Shape.of(256));
        for (int i = 0; i < 256; i++) {
            table.set(i, (1 << 24) >> Math.min(i / 16, 31));
        }
        vectors.put(
                "softmax",
                new Vector(
                        TestGraphs.single(new Softmax(256, OutputRange.int8(-128)), List.of(row, table), false, true),
                        List.of(row)));
        Tensor curve = Tensor.zeros(TensorType.INT8, Shape.of(256));
        for (int i = 0; i < 256; i++) {
            curve.set(i, (i * 37 + 11) % 256 - 128);
        }
        vectors.put(
                "lookup", new Vector(TestGraphs.single(new Lookup(), List.of(row, curve), false, true), List.of(row)));
        Tensor column = Tensor.of(TensorType.INT8, Shape.of(1, 2, 1), -128, 127);
        vectors.put(
                "add-repeats",
                two(new Add(new Add.Term(-128, 3), new Add.Term(127, 5), 2, OutputRange.int8(-1)), row, column));
        vectors.put("multiply-repeats", two(new Multiply(-128, 127, new Rescale(5, 4), INT32), row, column));
        vectors.put(
                "matmul",
                two(
                        new MatMul(true, -128, 127, Rescale.IDENTITY, INT32),
                        row,
                        Tensor.of(TensorType.INT8, Shape.of(1, 1, 4), -128, 127, 1, 0)));
        vectors.put(
                "concatenate",
                two(
                        new Concatenate(
                                2,
                                List.of(new Scaled(0, new Rescale(1, 1)), new Scaled(127, Rescale.IDENTITY)),
                                OutputRange.int8(5, -100, 100)),
                        row,
                        column));
        vectors.put(
                "two-inputs-two-outputs",
                new Vector(
                        TestGraphs.branching(),
                        List.of(
                                Tensor.of(TensorType.INT16, Shape.of(1, 3), -300, 0, 300),
                                Tensor.of(TensorType.INT32, Shape.of(1, 3), 0, 100_000, 5))));
        transformers(vectors);
        Graph network = TestGraphs.convolutional(8, 2, 16);
        vectors.put(
                "network",
                new Vector(
                        network,
                        List.of(TestGraphs.tensor(
                                TestGraphs.random(9), TensorType.INT8, Shape.of(1, 8, 8, 1), -128, 127))));
        return vectors;
    }

    /** The corners of the operators for transformers. */
    private static void transformers(Map<String, Vector> vectors) {
        Tensor table = TestGraphs.tensor(TestGraphs.random(5), TensorType.INT16, Shape.of(4, 3), -32_767, 32_767);
        Tensor indices = Tensor.of(TensorType.INT8, Shape.of(1, 5), 3, 0, 2, 2, 1);
        vectors.put("embedding", new Vector(embedding(table, indices.shape()), List.of(indices)));
        Tensor rows = Tensor.of(TensorType.INT16, Shape.of(1, 3, 4), 7, 7, 7, 7, -32_767, 32_767, 0, 1, 0, 0, 0, 1);
        vectors.put(
                "gather-inside",
                new Vector(
                        TestGraphs.single(
                                new Gather(1), List.of(rows, Tensor.ofVector(TensorType.INT32, 2, 0)), false, true),
                        List.of(rows)));
        vectors.put("slice", single(new Slice(2, 1, 2, 2), rows));
        for (boolean centred : new boolean[] {true, false}) {
            String name = centred ? "layer-norm" : "rms-norm";
            vectors.put(name, normalised(centred, 7, Normalise.Epsilon.ZERO, rows));
            vectors.put(name + "-epsilon", normalised(centred, -7, new Normalise.Epsilon(3, 31), rows));
        }
        vectors.put(
                "norm-of-a-single-element",
                normalised(true, 0, Normalise.Epsilon.ZERO, Tensor.of(TensorType.INT16, Shape.of(1, 1), -32_767)));
        Tensor steps = Tensor.of(
                TensorType.INT16, Shape.of(1, 10), -32_767, -32_641, -32_640, -1, 0, 1, 127, 128, 32_639, 32_767);
        Tensor curve = TestGraphs.tensor(TestGraphs.random(6), TensorType.INT16, Shape.of(513), -32_767, 32_767);
        curve.set(0, 32_767);
        curve.set(512, -32_767);
        vectors.put(
                "interpolate",
                new Vector(
                        TestGraphs.single(
                                new Interpolate(new Rescale(1 << 30, 37), INT32), List.of(steps, curve), false, true),
                        List.of(steps)));
        Tensor coarse = Tensor.zeros(TensorType.INT16, Shape.of(256));
        Tensor fine = Tensor.zeros(TensorType.INT16, Shape.of(256));
        for (int i = 0; i < 256; i++) {
            coarse.set(i, 32_767 >> Math.min(i, 31));
            fine.set(i, 32_767 - 64 * i);
        }
        vectors.put(
                "wide-softmax",
                new Vector(
                        TestGraphs.single(
                                new WideSoftmax(false, 1 << 16, INT32), List.of(rows, coarse, fine), false, true, true),
                        List.of(rows)));
        Tensor mask = Tensor.of(TensorType.INT8, Shape.of(1, 3, 4), 0, 0, 0, 0, 1, 0, -1, 1, 0, 1, 0, 0);
        vectors.put(
                "masked-softmax-all-masked",
                masked(new WideSoftmax(true, 255, OutputRange.int8(-128)), rows, coarse, fine, mask));
        Tensor columns = Tensor.of(TensorType.INT8, Shape.of(1, 1, 4), 1, 0, 0, 1);
        vectors.put(
                "masked-softmax-repeats", masked(new WideSoftmax(true, 32_767, INT32), rows, coarse, fine, columns));
        vectors.put(
                "dynamic-dense-zero-row-and-largest",
                weighted(
                        new DynamicDense(0, INT32),
                        Tensor.of(TensorType.INT16, Shape.of(1, 3, 3), 0, 0, 0, -32_767, 32_767, 129, -1, 1, 0),
                        Shape.of(2, 3),
                        2,
                        20));
        vectors.put(
                "dynamic-dense-bias-shift",
                weighted(
                        new DynamicDense(31, INT32),
                        Tensor.of(TensorType.INT16, Shape.of(1, 3), 100, -99, 1),
                        Shape.of(2, 3),
                        2,
                        10));
        vectors.put(
                "wide-dense",
                weighted(
                        new WideDense(3, INT32),
                        Tensor.of(TensorType.INT16, Shape.of(1, 2, 3), -32_767, 32_767, 129, -1, 1, 0),
                        Shape.of(2, 3),
                        2,
                        20));
        Tensor extremes = Tensor.of(TensorType.INT16, Shape.of(1, 1, 4), 32_767, -32_767, 32_767, 1);
        vectors.put(
                "wide-matmul",
                two(new WideMatMul(true, -32_767, 32_767, new Rescale(1 << 24, 40), INT32), rows, extremes));
        vectors.put("mean", single(new Mean(1, false, -32_767, Rescale.IDENTITY, INT32), rows));
        vectors.put("mean-of-kept-rows-and-of-none", two(new Mean(1, true, 7, new Rescale(1, 1), INT32), rows, mask));
        Tensor kept = Tensor.of(TensorType.INT8, Shape.of(1, 3, 1), 0, 5, -128);
        vectors.put(
                "mean-with-a-repeated-mask",
                two(new Mean(1, true, 0, Rescale.IDENTITY, OutputRange.int8(1)), rows, kept));
    }

    private static Graph embedding(Tensor table, Shape indices) {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int input = builder.input(
                new GraphInput(TensorType.INT8, indices, 0, table.shape().dimension(0) - 1, Scale.ONE, 0));
        builder.output(builder.node(new Gather(0), builder.constant(table), input), Scale.ONE, 0);
        return builder.build();
    }

    private static Vector normalised(boolean centred, int zero, Normalise.Epsilon epsilon, Tensor rows) {
        var random = TestGraphs.random(8);
        Shape width = Shape.of(rows.shape().last());
        List<Tensor> operands = List.of(
                rows,
                TestGraphs.tensor(random, TensorType.INT16, width, -32_767, 32_767),
                TestGraphs.tensor(random, TensorType.INT32, width, -1 << 30, 1 << 30));
        Normalise norm = new Normalise(centred, zero, epsilon, new Rescale(1 << 20, 24), INT32);
        return new Vector(TestGraphs.single(norm, operands, false, true, true), List.of(rows));
    }

    private static Vector masked(WideSoftmax softmax, Tensor rows, Tensor coarse, Tensor fine, Tensor mask) {
        List<Tensor> operands = List.of(rows, coarse, fine, mask);
        return new Vector(TestGraphs.single(softmax, operands, false, true, true, false), List.of(rows, mask));
    }

    private static Vector single(Operator operator, Tensor input) {
        return new Vector(TestGraphs.single(operator, List.of(input), false), List.of(input));
    }

    private static Vector two(Operator operator, Tensor a, Tensor b) {
        return new Vector(TestGraphs.single(operator, List.of(a, b), false, false), List.of(a, b));
    }

    private static Vector weighted(Operator operator, Tensor input, Shape weights, int channels) {
        return weighted(operator, input, weights, channels, 31);
    }

    private static Vector weighted(Operator operator, Tensor input, Shape weights, int channels, int bits) {
        var random = TestGraphs.random(weights.elements());
        List<Tensor> operands = List.of(
                input,
                TestGraphs.tensor(random, TensorType.INT8, weights, -128, 127),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), -1_000_000, 1_000_000),
                TestGraphs.tensor(
                        random, TensorType.INT32, Shape.of(channels), 1 << (bits - 1), (int) ((1L << bits) - 1)),
                TestGraphs.tensor(random, TensorType.INT8, Shape.of(channels), 30, 40));
        return new Vector(TestGraphs.single(operator, operands, false, true, true, true, true), List.of(input));
    }
}
