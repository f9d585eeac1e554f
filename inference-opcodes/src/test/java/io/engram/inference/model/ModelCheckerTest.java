package io.engram.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.TestGraphs;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ModelCheckerTest {

    private static final InferenceConfig.Limits LIMITS = InferenceConfig.Limits.DEFAULT;
    private static final OutputRange INT8 = OutputRange.int8(0);

    @Test
    void countersOfAConvolutionalNetworkAreTheOnesByHand() {
        ModelFacts facts = TestGraphs.model(TestGraphs.convolutional(8, 2, 16)).facts();
        assertThat(facts.inputBytes()).isEqualTo(64);
        assertThat(facts.outputBytes()).isEqualTo(10);
        assertThat(facts.maxBatch()).isEqualTo(16);
        assertThat(facts.steps()).isEqualTo(6);
        long first = 8L * 8 * 2 * 9;
        long second = 4L * 4 * 4 * 9 * 2;
        assertThat(facts.macs()).isEqualTo(first + second + 160);
        assertThat(facts.depthwiseMacs()).isZero();
        assertThat(facts.elements()).isEqualTo(128 + 4 * 32 + 64 + 4 * 16 + 16 + 10);
        assertThat(facts.weightBytes()).isEqualTo((18 + 2 * 9) + (72 + 4 * 9) + (160 + 10 * 9));
        assertThat(facts.hashedBytes()).isEqualTo(64 + 128 + 64 + 64 + 64 + 64 + 64);
        assertThat(facts.inputs()).singleElement().satisfies(input -> {
            assertThat(input.lo()).isEqualTo(-128);
            assertThat(input.zeroPoint()).isEqualTo(-128);
        });
    }

    @Test
    void peakMemoryIsTheLargestSetOfLiveTensors() {
        Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 1));
        long constants = model.graph().constants().stream()
                .mapToLong(constant -> (constant.byteLength() + 63L) / 64 * 64)
                .sum();
        assertThat(model.check().peakMemoryBytes()).isEqualTo(constants + 128 + 64);
    }

    @Test
    void depthwiseAndNarrowGroupsCountApart() {
        Graph graph = TestGraphs.single(
                new Conv2d(Window.UNIT, 2, 0, INT8),
                weighted(Shape.of(1, 3, 3, 4), Shape.of(2, 1, 1, 2), 2),
                false,
                true,
                true,
                true,
                true);
        ModelFacts facts = TestGraphs.model(graph).facts();
        assertThat(facts.macs()).isZero();
        assertThat(facts.depthwiseMacs()).isEqualTo(36);
    }

    @Test
    void theOverflowProofIsExactAtItsBound() throws Exception {
        // |x − zx| ≤ 255, |w| = 127, 1000 cells: 32 385 000; the bias may have the rest of 2^31 − 1, and no more.
        int rest = Integer.MAX_VALUE - 255 * 127 * 1_000;
        Model.of(extreme(rest, 127), LIMITS);
        Model.of(extreme(-rest, -127), LIMITS);
        refused(extreme(rest + 1, 127), "accumulator");
        refused(extreme(-rest - 1, 127), "accumulator");
        refused(extreme(Integer.MIN_VALUE, 0), "accumulator");
    }

    private static Graph extreme(int bias, int weight) {
        int[] weights = new int[1_000];
        Arrays.fill(weights, weight);
        return TestGraphs.single(
                new Dense(-128, INT8),
                List.of(
                        Tensor.zeros(TensorType.INT8, Shape.of(1, 1_000)),
                        Tensor.of(TensorType.INT8, Shape.of(1, 1_000), weights),
                        Tensor.ofVector(TensorType.INT32, bias),
                        Tensor.ofVector(TensorType.INT32, 1),
                        Tensor.ofVector(TensorType.INT8, 1)),
                false,
                true,
                true,
                true,
                true);
    }

    @Test
    void propagatedRangesNarrowTheProof() throws Exception {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int x = builder.input(new GraphInput(TensorType.INT32, Shape.of(1, 2), 0, Integer.MAX_VALUE, Scale.ONE, 0));
        int y = builder.node(new Clamp(0, 1 << 20), x);
        builder.output(builder.node(new Requantise(0, new Rescale(Integer.MAX_VALUE, 62), INT8), y), Scale.ONE, 0);
        Model model = Model.of(builder.build(), LIMITS);
        assertThat(model.value(1).hi()).isEqualTo(1 << 20);
    }

    @Test
    void rescalingThatCouldLeave64BitsIsRefused() throws Exception {
        Tensor x = Tensor.zeros(TensorType.INT32, Shape.of(1, 2));
        Model.of(
                TestGraphs.single(new Requantise(0, new Rescale(Integer.MAX_VALUE, 62), INT8), List.of(x), false),
                LIMITS);
        refused(
                TestGraphs.single(
                        new Requantise(Integer.MIN_VALUE, new Rescale(Integer.MAX_VALUE, 62), INT8), List.of(x), false),
                "64 bits");
        Add.Term most = new Add.Term(Integer.MIN_VALUE, Integer.MAX_VALUE);
        refused(TestGraphs.single(new Add(most, most, 1, INT8), List.of(x, x), false, false), "64 bits");
    }

    @Test
    void unfitOperandsAreRefusedWithAReason() {
        Tensor row = Tensor.zeros(TensorType.INT8, Shape.of(1, 4));
        Tensor image = Tensor.zeros(TensorType.INT8, Shape.of(1, 4, 4, 1));
        refused(single(new Reshape(Shape.of(1, 5)), row), "does not fit");
        refused(single(new Reshape(Shape.of(4, 1)), row), "batch");
        refused(single(new Transpose(List.of(1, 0)), row), "permutation");
        refused(single(new Transpose(List.of(0, 0)), row), "permutation");
        refused(single(new Clamp(5, 4), row), "bounds");
        refused(single(new ArgMax(), Tensor.zeros(TensorType.INT8, Shape.of(1))), "batch");
        refused(single(new MaxPool(2, 2, Window.of(1, 0), 0, Rescale.IDENTITY, INT8), row), "images");
        refused(single(new MaxPool(2, 2, Window.of(1, 2), 0, Rescale.IDENTITY, INT8), image), "padding");
        refused(single(new MaxPool(5, 5, Window.of(1, 0), 0, Rescale.IDENTITY, INT8), image), "shape");
        refused(
                TestGraphs.single(
                        new Softmax(256, INT8),
                        List.of(row, Tensor.zeros(TensorType.INT32, Shape.of(256))),
                        false,
                        true),
                "table");
        refused(
                TestGraphs.single(
                        new Conv2d(Window.UNIT, 2, 0, INT8),
                        weighted(Shape.of(1, 3, 3, 3), Shape.of(2, 1, 1, 2), 2),
                        false,
                        true,
                        true,
                        true,
                        true),
                "groups");
        List<Tensor> badShift = new ArrayList<>(weighted(Shape.of(1, 3, 3, 1), Shape.of(1, 1, 1, 1), 1));
        badShift.set(4, Tensor.ofVector(TensorType.INT8, 0));
        refused(
                TestGraphs.single(new Conv2d(Window.UNIT, 1, 0, INT8), badShift, false, true, true, true, true),
                "shift");
    }

    @Test
    void unfitOperandsOfTransformersAreRefusedWithAReason() {
        Tensor row = Tensor.zeros(TensorType.INT8, Shape.of(1, 4));
        Tensor wide = Tensor.zeros(TensorType.INT16, Shape.of(1, 4));
        refused(
                TestGraphs.single(new Gather(0), List.of(Tensor.ofVector(TensorType.INT8, 1, 2), row), true, false),
                "leave an axis of 2");
        refused(TestGraphs.single(new Gather(2), List.of(row, row), false, true), "axis");
        refused(
                TestGraphs.single(new Gather(1), List.of(row, Tensor.ofVector(TensorType.INT8, -1)), false, true),
                "leave an axis of 4");
        refused(single(new Slice(1, 1, 2, 3), row), "leave");
        refused(single(new Slice(1, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE), row), "leave");
        refused(single(new Slice(0, 0, 1, 1), row), "axis");
        refused(norm(Tensor.zeros(TensorType.INT32, Shape.of(1, 1)), 1, 0, new Rescale(1, 1)), "2^62");
        refused(norm(wide, 32_767, Integer.MAX_VALUE, new Rescale(Integer.MAX_VALUE, 1)), "64 bits");
        refused(norm(Tensor.zeros(TensorType.INT8, Shape.of(1, 65_537)), 1, 0, new Rescale(1, 1)), "the limit is");
        Tensor curve = Tensor.zeros(TensorType.INT16, Shape.of(513));
        refused(TestGraphs.single(new Interpolate(Rescale.IDENTITY, INT8), List.of(row, curve), false, true), "int16");
        refused(
                TestGraphs.single(new Interpolate(Rescale.IDENTITY, INT8), List.of(wide, wide), false, true),
                "constant of the wrong");
        Tensor ones = TestGraphs.tensor(TestGraphs.random(1), TensorType.INT16, Shape.of(256), 1, 1);
        Tensor zeros = Tensor.zeros(TensorType.INT16, Shape.of(256));
        WideSoftmax softmax = new WideSoftmax(true, 255, INT8);
        refused(TestGraphs.single(softmax, List.of(wide, ones, zeros, row), false, true, true, false), "table");
        refused(TestGraphs.single(softmax, List.of(row, ones, ones, row), false, true, true, false), "int16");
        refused(TestGraphs.single(softmax, List.of(wide, ones, ones, wide), false, true, true, false), "mask");
        refused(
                TestGraphs.single(
                        softmax,
                        List.of(wide, ones, ones, Tensor.zeros(TensorType.INT8, Shape.of(1, 2))),
                        false,
                        true,
                        true,
                        false),
                "shapes");
        refused(
                TestGraphs.single(
                        softmax,
                        List.of(
                                Tensor.zeros(TensorType.INT16, Shape.of(1, 1)),
                                ones,
                                ones,
                                Tensor.zeros(TensorType.INT8, Shape.of(1, 2))),
                        false,
                        true,
                        true,
                        false),
                "mask");
        refused(single(new Mean(2, false, 0, Rescale.IDENTITY, INT8), row), "axis");
        refused(
                single(new Mean(1, false, 0, Rescale.IDENTITY, INT8), Tensor.zeros(TensorType.INT32, Shape.of(1, 2))),
                "accumulator");
        refused(dynamic(wide, 127, 0, Integer.MAX_VALUE, 32), "bias shift");
        refused(dynamic(row, 127, 0, 1, 0), "int16");
        refused(dynamic(wide, 127, 2, Integer.MAX_VALUE, 31), "64 bits");
        Tensor matrix = Tensor.zeros(TensorType.INT16, Shape.of(1, 4, 4));
        Rescale large = new Rescale(Integer.MAX_VALUE, 31);
        refused(
                TestGraphs.single(
                        new WideMatMul(false, -32_767, -32_767, large, INT8), List.of(matrix, matrix), false, false),
                "64 bits");
        refused(
                TestGraphs.single(
                        new WideMatMul(false, 0, 0, large, INT8),
                        List.of(matrix, Tensor.zeros(TensorType.INT32, Shape.of(1, 4, 4))),
                        false,
                        false),
                "int32");
        refused(layer(new WideDense(31, INT8), wide, 127, 2, Integer.MAX_VALUE), "64 bits");
        refused(layer(new WideDense(-1, INT8), wide, 127, 2, 1), "bias shift");
        // 133,144 weights of 127 times 127, and no more, fit an int32.
        refused(dynamic(Tensor.zeros(TensorType.INT16, Shape.of(1, 133_200)), 127, 0, 1, 0), "accumulator");
    }

    private static Graph norm(Tensor input, int gain, int bias, Rescale rescale) {
        int width = input.shape().last();
        int[] gains = new int[width];
        int[] biases = new int[width];
        java.util.Arrays.fill(gains, gain);
        java.util.Arrays.fill(biases, bias);
        return TestGraphs.single(
                new Normalise(true, 0, Normalise.Epsilon.ZERO, rescale, INT8),
                List.of(input, Tensor.ofVector(TensorType.INT16, gains), Tensor.ofVector(TensorType.INT32, biases)),
                false,
                true,
                true);
    }

    private static Graph dynamic(Tensor input, int weight, int bias, int multiplier, int biasShift) {
        return layer(new DynamicDense(biasShift, INT8), input, weight, bias, multiplier);
    }

    private static Graph layer(Operator operator, Tensor input, int weight, int bias, int multiplier) {
        int width = input.shape().last();
        int[] weights = new int[width];
        java.util.Arrays.fill(weights, weight);
        return TestGraphs.single(
                operator,
                List.of(
                        input,
                        Tensor.of(TensorType.INT8, Shape.of(1, width), weights),
                        Tensor.ofVector(TensorType.INT32, bias),
                        Tensor.ofVector(TensorType.INT32, multiplier),
                        Tensor.ofVector(TensorType.INT8, 30)),
                false,
                true,
                true,
                true,
                true);
    }

    @Test
    void theGraphMustBeInCanonicalOrder() {
        Graph good = TestGraphs.convolutional(8, 2, 1);
        List<Tensor> constants = new ArrayList<>(good.constants());
        constants.add(Tensor.ofVector(TensorType.INT8, 1));
        refused(with(good, constants, good.nodes(), good.outputs()), "");
        refused(with(good, good.constants(), good.nodes().subList(0, 3), good.outputs()), "");
        List<Node> forward = new ArrayList<>(good.nodes());
        forward.set(1, new Node(forward.get(1).operator(), List.of(good.valueOf(1))));
        refused(with(good, good.constants(), forward, good.outputs()), "uses value");
        refused(with(good, good.constants(), good.nodes(), List.of()), "outputs");
        refused(
                with(good, good.constants(), good.nodes(), List.of(new GraphOutput(0, Scale.ONE, 0))),
                "not the result");
        refused(
                with(
                        good,
                        good.constants(),
                        good.nodes(),
                        List.of(good.outputs().get(0), good.outputs().get(0))),
                "given twice");
        Graph first =
                with(good, good.constants(), good.nodes(), List.of(new GraphOutput(good.valueOf(4), Scale.ONE, 0)));
        refused(first, "never used");
    }

    @Test
    @Timeout(5)
    void weightsThatEveryStepSharesDoNotMakeTheCheckLong() {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, 1);
        int width = 2_048;
        int value = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, width), -128, 127, Scale.ONE, 0));
        int[] shared = {
            builder.constant(Tensor.zeros(TensorType.INT8, Shape.of(width, width))),
            builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(width))),
            builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(width))),
            builder.constant(TestGraphs.tensor(TestGraphs.random(1), TensorType.INT8, Shape.of(width), 1, 62))
        };
        for (int i = 0; i < 4_096; i++) {
            value = builder.node(new Dense(0, INT8), value, shared[0], shared[1], shared[2], shared[3]);
        }
        builder.output(value, Scale.ONE, 0);
        Graph graph = builder.build();
        InferenceConfig.Limits few =
                limits(new long[] {1 << 27, 1 << 29, 4_096, 1 << 26, 0, 1 << 27, 1 << 27, 1 << 20, 1});
        assertThatExceptionOfType(MalformedModelException.class)
                .isThrownBy(() -> ModelChecker.check(graph, 1_000, few))
                .withMessageContaining("multiply");
    }

    @Test
    void limitsOfTheChainAreKept() {
        Graph graph = TestGraphs.convolutional(8, 2, 16);
        long[] most = {1 << 20, 1 << 20, 6, 4_000, 0, 1_000, 1_000, 74, 16};
        accepted(graph, most);
        String[] names = {"file", "peak", "steps", "multiply", "", "element", "hashed", "input and output", "batch"};
        for (int i = 0; i < most.length; i++) {
            if (i != 4) {
                long[] less = most.clone();
                less[i] = i < 2 ? 100 : i == 3 || i == 5 || i == 6 ? 100 : less[i] - 1;
                assertThatExceptionOfType(MalformedModelException.class)
                        .isThrownBy(() -> Model.of(graph, limits(less)))
                        .withMessageContaining(names[i]);
            }
        }
    }

    private static void accepted(Graph graph, long[] limits) {
        try {
            Model.of(graph, limits(limits));
        } catch (MalformedModelException e) {
            throw new AssertionError(e);
        }
    }

    private static InferenceConfig.Limits limits(long[] v) {
        return new InferenceConfig.Limits(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]);
    }

    private static Graph with(Graph graph, List<Tensor> constants, List<Node> nodes, List<GraphOutput> outputs) {
        return new Graph(graph.author(), graph.royalty(), graph.maxBatch(), graph.inputs(), constants, nodes, outputs);
    }

    private static Graph single(Operator operator, Tensor operand) {
        return TestGraphs.single(operator, List.of(operand), false);
    }

    private static List<Tensor> weighted(Shape image, Shape weights, int channels) {
        return List.of(
                Tensor.zeros(TensorType.INT8, image),
                Tensor.zeros(TensorType.INT8, weights),
                Tensor.zeros(TensorType.INT32, Shape.of(channels)),
                Tensor.zeros(TensorType.INT32, Shape.of(channels)),
                TestGraphs.tensor(TestGraphs.random(1), TensorType.INT8, Shape.of(channels), 1, 62));
    }

    private static void refused(Graph graph, String reason) {
        assertThatExceptionOfType(MalformedModelException.class)
                .isThrownBy(() -> ModelChecker.check(graph, 1_000, LIMITS))
                .withMessageContaining(reason);
    }
}
