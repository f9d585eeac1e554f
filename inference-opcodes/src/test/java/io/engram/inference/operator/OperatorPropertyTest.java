package io.engram.inference.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.AllBackends;
import io.engram.inference.MalformedModelException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Every operator on all back ends against {@link NaiveOperators}, through checker, file and engine. */
class OperatorPropertyTest {

    private static final int CASES = 150;
    private static final BigInteger MAX_INT = BigInteger.valueOf(Integer.MAX_VALUE);

    private final InferenceEngine engine = new InferenceEngine(new ReferenceBackend(), 0);
    private static final List<InferenceEngine> FAST = AllBackends.onOneThread();

    private int accepted;

    /** An operator, its operands and which of them are constants. */
    private record Case(Operator operator, List<Tensor> operands, boolean... constants) {}

    private interface Generator {
        Case next(RandomGenerator random);
    }

    private void check(Generator generator) {
        Seeds.each(CASES, random -> check(generator.next(random)));
        assertThat(accepted).as("cases that the checker accepts").isGreaterThan(CASES / 3);
    }

    private void check(Case given) {
        Model model;
        try {
            Graph graph = TestGraphs.single(given.operator, given.operands, given.constants);
            model = Model.of(graph, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            return;
        }
        accepted++;
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int i = 0; i < given.operands.size(); i++) {
            if (!given.constants[i]) {
                input.writeBytes(given.operands.get(i).data());
            }
        }
        Inference inference = engine.run(model, input.toByteArray()).get(0);
        byte[] output = inference.output();
        for (InferenceEngine fast : FAST) {
            assertThat(fast.run(model, input.toByteArray()).get(0))
                    .as("%s on %s by %s", given.operator, given.operands, fast.backend())
                    .usingRecursiveComparison()
                    .isEqualTo(inference);
        }
        NaiveOperators naive = new NaiveOperators();
        Tensor expected = naive.run(given.operator, given.operands);
        Value proven = model.value(model.graph().valueOf(0));
        assertThat(Tensor.wrap(proven.type(), proven.shape(), output).toArray())
                .as("%s on %s", given.operator, given.operands)
                .isEqualTo(expected.toArray());
        assertThat(proven.shape()).isEqualTo(expected.shape());
        assertThat(proven.type()).isEqualTo(expected.type());
        for (int element : expected.toArray()) {
            assertThat(element).isBetween(proven.lo(), proven.hi());
        }
        assertThat(naive.largestAccumulator()).isLessThanOrEqualTo(MAX_INT);
    }

    @Test
    void conv2dIsTheSumOverTheWindow() {
        check(random -> {
            int groups = pick(random, 1, 1, 1, 2, 3);
            int depth = random.nextInt(1, 5);
            int channels = groups * random.nextInt(1, 4);
            int kh = random.nextInt(1, 5);
            int kw = random.nextInt(1, 5);
            Conv2d op = new Conv2d(window(random), groups, zeroPoint(random), output(random));
            return new Case(
                    op,
                    weighted(
                            random,
                            Shape.of(1, random.nextInt(1, 9), random.nextInt(1, 9), depth * groups),
                            Shape.of(channels, kh, kw, depth),
                            channels),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
    }

    @Test
    void depthwiseConvolutionKeepsChannelsApart() {
        check(random -> {
            int channels = random.nextInt(1, 6);
            DepthwiseConv2d op = new DepthwiseConv2d(window(random), zeroPoint(random), output(random));
            return new Case(
                    op,
                    weighted(
                            random,
                            Shape.of(1, random.nextInt(1, 9), random.nextInt(1, 9), channels),
                            Shape.of(random.nextInt(1, 5), random.nextInt(1, 5), channels),
                            channels),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
    }

    @Test
    void denseIsAProductOverTheLastAxis() {
        check(random -> {
            int width = random.nextInt(1, 40);
            int units = random.nextInt(1, 9);
            Shape shape = random.nextBoolean() ? Shape.of(1, width) : Shape.of(1, random.nextInt(1, 4), 2, width);
            return new Case(
                    new Dense(zeroPoint(random), output(random)),
                    weighted(random, shape, Shape.of(units, width), units),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
    }

    @Test
    void matMulMultipliesTheLastTwoAxes() {
        check(random -> {
            int heads = random.nextInt(1, 4);
            int rows = random.nextInt(1, 6);
            int inner = random.nextInt(1, 9);
            int columns = random.nextInt(1, 6);
            boolean transposed = random.nextBoolean();
            MatMul op = new MatMul(transposed, zeroPoint(random), zeroPoint(random), rescale(random), output(random));
            Tensor a = int8(random, Shape.of(1, heads, rows, inner));
            Tensor b =
                    int8(random, transposed ? Shape.of(1, heads, columns, inner) : Shape.of(1, heads, inner, columns));
            return new Case(op, List.of(a, b), false, random.nextBoolean());
        });
    }

    @Test
    void wideMatMulMultipliesInt16() {
        check(random -> {
            int heads = random.nextInt(1, 4);
            int rows = random.nextInt(1, 6);
            int inner = random.nextInt(1, 40);
            int columns = random.nextInt(1, 20);
            boolean transposed = random.nextBoolean();
            Shape left = Shape.of(1, heads, rows, inner);
            Shape right = transposed ? Shape.of(1, heads, columns, inner) : Shape.of(1, heads, inner, columns);
            Tensor a = random.nextInt(4) == 0 ? int8(random, left) : int16(random, left);
            Tensor b = random.nextInt(4) == 0 ? int8(random, right) : int16(random, right);
            WideMatMul op = new WideMatMul(
                    transposed,
                    in(random, a.type()),
                    in(random, b.type()),
                    new Rescale(random.nextInt(1 << random.nextInt(10, 31)), random.nextInt(1, 63)),
                    output(random));
            return new Case(op, List.of(a, b), false, random.nextBoolean());
        });
    }

    @Test
    void maxPoolTakesTheLargestRealCell() {
        check(random -> new Case(
                new MaxPool(
                        random.nextInt(1, 4),
                        random.nextInt(1, 4),
                        poolWindow(random),
                        zeroPoint(random),
                        random.nextBoolean() ? Rescale.IDENTITY : rescale(random),
                        output(random)),
                List.of(int8(random, image(random))),
                false));
    }

    @Test
    void averagePoolDividesByTheRealCells() {
        check(random -> new Case(
                new AveragePool(
                        random.nextInt(1, 4),
                        random.nextInt(1, 4),
                        poolWindow(random),
                        zeroPoint(random),
                        random.nextBoolean()
                                ? Rescale.IDENTITY
                                : new Rescale(random.nextInt(1 << 30, Integer.MAX_VALUE), random.nextInt(25, 34)),
                        output(random)),
                List.of(int8(random, image(random))),
                false));
    }

    @Test
    void addRescalesBothOperandsWithOneRounding() {
        check(random -> {
            Tensor a = any(random, shape(random));
            Tensor b = any(random, partner(random, a.shape()));
            int width = random.nextInt(8, 31);
            Add op = new Add(
                    new Add.Term(in(random, a.type()), random.nextInt(1 << width)),
                    new Add.Term(in(random, b.type()), random.nextInt(1 << width)),
                    random.nextInt(1, 40),
                    output(random));
            return new Case(op, List.of(a, b), false, random.nextBoolean());
        });
    }

    @Test
    void multiplyRescalesTheProduct() {
        check(random -> {
            Tensor a = random.nextInt(4) == 0 ? any(random, shape(random)) : int8(random, shape(random));
            Tensor b = random.nextInt(4) == 0
                    ? any(random, partner(random, a.shape()))
                    : int8(random, partner(random, a.shape()));
            Multiply op = new Multiply(in(random, a.type()), in(random, b.type()), rescale(random), output(random));
            return new Case(op, List.of(a, b), false, random.nextBoolean());
        });
    }

    @Test
    void clampLimits() {
        check(random -> {
            Tensor x = any(random, shape(random));
            int a = in(random, x.type());
            int b = in(random, x.type());
            return new Case(new Clamp(Math.min(a, b), Math.max(a, b)), List.of(x), false);
        });
    }

    @Test
    void concatenateRescalesEachOperand() {
        check(random -> {
            Shape first = shape(random);
            int axis = random.nextInt(1, first.rank());
            List<Tensor> operands = new ArrayList<>();
            List<Scaled> scales = new ArrayList<>();
            for (int i = 0, count = random.nextInt(1, 5); i < count; i++) {
                Tensor operand = any(random, first.with(axis, random.nextInt(1, 5)));
                operands.add(operand);
                scales.add(new Scaled(
                        in(random, operand.type()), random.nextBoolean() ? Rescale.IDENTITY : rescale(random)));
            }
            return new Case(new Concatenate(axis, scales, output(random)), operands, new boolean[operands.size()]);
        });
    }

    @Test
    void reshapeTransposeAndPadMoveElements() {
        check(random -> {
            Tensor x = any(random, shape(random));
            int rank = x.shape().rank();
            return switch (random.nextInt(3)) {
                case 0 -> new Case(new Reshape(Shape.of(1, x.shape().elements())), List.of(x), false);
                case 1 -> {
                    List<Integer> axes = new ArrayList<>();
                    for (int axis = 1; axis < rank; axis++) {
                        axes.add(random.nextInt(axes.size() + 1), axis);
                    }
                    axes.add(0, 0);
                    yield new Case(new Transpose(axes), List.of(x), false);
                }
                default -> {
                    List<Integer> before = new ArrayList<>(List.of(0));
                    List<Integer> after = new ArrayList<>(List.of(0));
                    for (int axis = 1; axis < rank; axis++) {
                        before.add(random.nextInt(3));
                        after.add(random.nextInt(3));
                    }
                    yield new Case(new Pad(before, after, in(random, x.type())), List.of(x), false);
                }
            };
        });
    }

    @Test
    void lookupReadsTheTable() {
        check(random ->
                new Case(new Lookup(), List.of(int8(random, shape(random)), int8(random, Shape.of(256))), false, true));
    }

    @Test
    void softmaxDividesByTheSumOfTheRow() {
        check(random -> {
            int top = pick(random, 1, 255, 1 << 15, 1 << 24);
            Tensor table = TestGraphs.tensor(random, TensorType.INT32, Shape.of(256), 0, top);
            table.set(0, random.nextInt(1, top + 1));
            return new Case(
                    new Softmax(pick(random, 1, 255, 256, 1 << 16), output(random)),
                    List.of(int8(random, shape(random)), table),
                    false,
                    true);
        });
    }

    @Test
    void argMaxGivesTheLowestOfEquals() {
        check(random -> {
            Tensor x = random.nextBoolean()
                    ? any(random, shape(random))
                    : TestGraphs.tensor(random, TensorType.INT8, shape(random), 0, 1);
            return new Case(new ArgMax(), List.of(x), false);
        });
    }

    @Test
    void requantiseChangesScaleAndType() {
        check(random -> {
            Tensor x = any(random, shape(random));
            return new Case(new Requantise(in(random, x.type()), rescale(random), output(random)), List.of(x), false);
        });
    }

    @Test
    void gatherPicksSlicesByNumber() {
        check(random -> {
            Tensor values = any(random, shape(random));
            int axis = random.nextInt(values.shape().rank());
            int size = values.shape().dimension(axis);
            Shape shape = random.nextBoolean() ? Shape.of(1, random.nextInt(1, 4)) : Shape.of(random.nextInt(1, 5));
            TensorType type = TensorType.ofCode(random.nextInt(1, 4)).orElseThrow();
            Tensor indices = TestGraphs.tensor(random, type, shape, 0, size - 1);
            return new Case(new Gather(axis), List.of(values, indices), random.nextBoolean(), true);
        });
    }

    @Test
    void sliceTakesEveryFewPositions() {
        check(random -> {
            Tensor x = any(random, shape(random));
            int axis = random.nextInt(1, x.shape().rank());
            int size = x.shape().dimension(axis);
            int start = random.nextInt(size);
            int step = pick(random, 1, 1, 2, 3);
            int count = random.nextInt(1, (size - 1 - start) / step + 2);
            return new Case(new Slice(axis, start, step, count), List.of(x), false);
        });
    }

    @Test
    void normaliseDividesByTheRootOfTheSquares() {
        check(random -> {
            TensorType type = pick(random, 0, 1) == 0 ? TensorType.INT8 : TensorType.INT16;
            int width = random.nextInt(1, 40);
            Shape shape = Shape.of(1, random.nextInt(1, 4), width);
            int top = pick(random, 0, 1, 100, type.max());
            Tensor x = TestGraphs.tensor(random, type, shape, -top, top);
            int bias = pick(random, 0, 1000, 1 << 30);
            Normalise op = new Normalise(
                    random.nextBoolean(),
                    pick(random, 0, 0, -top, random.nextInt(-128, 128)),
                    new Normalise.Epsilon(pick(random, 0, 1, 1000, Integer.MAX_VALUE), random.nextInt(25)),
                    new Rescale(random.nextInt(1 << 24), random.nextInt(1, 60)),
                    output(random));
            return new Case(
                    op,
                    List.of(
                            x,
                            TestGraphs.tensor(random, TensorType.INT16, Shape.of(width), -32_767, 32_767),
                            TestGraphs.tensor(random, TensorType.INT32, Shape.of(width), -bias, bias)),
                    false,
                    true,
                    true);
        });
    }

    @Test
    void interpolateIsLinearBetweenPoints() {
        check(random -> new Case(
                new Interpolate(random.nextBoolean() ? new Rescale(1 << 30, 37) : rescale(random), output(random)),
                List.of(
                        int16(random, shape(random)),
                        TestGraphs.tensor(random, TensorType.INT16, Shape.of(Interpolate.POINTS), -32_767, 32_767)),
                false,
                true));
    }

    @Test
    void wideSoftmaxLeavesMaskedPositionsOut() {
        check(random -> {
            Tensor x = int16(random, shape(random));
            int top = pick(random, 1, 255, 32_767);
            List<Tensor> operands = new ArrayList<>(List.of(x));
            for (int i = 0; i < 2; i++) {
                Tensor table = TestGraphs.tensor(random, TensorType.INT16, Shape.of(256), 0, top);
                table.set(0, random.nextInt(1, top + 1));
                operands.add(table);
            }
            boolean masked = random.nextBoolean();
            if (masked) {
                operands.add(mask(random, x.shape()));
            }
            return new Case(
                    new WideSoftmax(masked, pick(random, 1, 255, 32_767, 1 << 16), output(random)),
                    operands,
                    masked
                            ? new boolean[] {false, true, true, random.nextBoolean()}
                            : new boolean[] {false, true, true});
        });
    }

    @Test
    void denseLayersOnInt16ScaleEachRowOrSumIn64Bits() {
        check(random -> {
            int width = random.nextInt(1, 40);
            int units = random.nextInt(1, 9);
            Shape shape = random.nextBoolean() ? Shape.of(1, width) : Shape.of(1, random.nextInt(1, 4), 2, width);
            int bias = pick(random, 0, 100, 1 << 20, Integer.MAX_VALUE);
            int bits = random.nextInt(8, 31);
            return new Case(
                    random.nextBoolean()
                            ? new DynamicDense(pick(random, 0, 5, 31), output(random))
                            : new WideDense(pick(random, 0, 5, 31), output(random)),
                    List.of(
                            int16(random, shape),
                            int8(random, Shape.of(units, width)),
                            TestGraphs.tensor(random, TensorType.INT32, Shape.of(units), -bias, bias),
                            TestGraphs.tensor(random, TensorType.INT32, Shape.of(units), 0, (1 << bits) - 1),
                            TestGraphs.tensor(random, TensorType.INT8, Shape.of(units), 1, 50)),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
    }

    @Test
    void meanDividesByTheKeptPositions() {
        check(random -> {
            Tensor x = pick(random, 0, 1, 2) == 0 ? int8(random, shape(random)) : int16(random, shape(random));
            boolean masked = random.nextBoolean();
            Mean op = new Mean(
                    random.nextInt(1, x.shape().rank()),
                    masked,
                    in(random, x.type()),
                    random.nextBoolean() ? Rescale.IDENTITY : rescale(random),
                    output(random));
            return masked
                    ? new Case(op, List.of(x, mask(random, x.shape())), false, random.nextBoolean())
                    : new Case(op, List.of(x), false);
        });
    }

    @Test
    void normalisedElementsStayBelowTheBoundThatTheProofTakes() {
        Seeds.each(200, random -> {
            int width = pick(random, 1, 2, 3, 4, 8, 9, 15, 16, 255, 256, random.nextInt(1, 1_000));
            int[] elements = new int[width];
            int rest = random.nextInt(-100, 101);
            java.util.Arrays.fill(elements, rest);
            elements[random.nextInt(width)] = pick(random, -32_767, 32_767, rest + 1);
            List<Tensor> operands = List.of(
                    Tensor.of(TensorType.INT16, Shape.of(1, width), elements),
                    TestGraphs.tensor(random, TensorType.INT16, Shape.of(width), 1, 1),
                    Tensor.zeros(TensorType.INT32, Shape.of(width)));
            Tensor result = new NaiveOperators()
                    .run(
                            new Normalise(
                                    random.nextBoolean(),
                                    pick(random, 0, rest),
                                    Normalise.Epsilon.ZERO,
                                    Rescale.IDENTITY,
                                    new OutputRange(TensorType.INT32, 0, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                            operands);
            int bound = ((int) Math.sqrt(width) + 1) << Normalise.FRACTION_BITS;
            for (int n : result.toArray()) {
                assertThat(n).isBetween(-bound, bound);
            }
        });
    }

    @Test
    void theProofIsReachedByTheWorstInputAndAcceptsNothingBeyond() {
        Seeds.each(200, random -> {
            int width = random.nextInt(1, 30);
            int zero = zeroPoint(random);
            Tensor weights = int8(random, Shape.of(1, width));
            boolean upwards = random.nextBoolean();
            int[] worst = new int[width];
            long reach = 0;
            for (int i = 0; i < width; i++) {
                // The proof takes the larger distance for every weight, so let one side be the farther one.
                int far = zero >= 0 ? -128 : 127;
                worst[i] = far;
                int weight = Math.abs(weights.get(i));
                boolean positive = (far > zero) == upwards;
                weights.set(i, Math.clamp(positive ? weight : -weight, -128, 127));
                reach += Math.abs((long) far - zero) * Math.abs(weights.get(i));
            }
            long slack = random.nextInt(-2, 3);
            long bias = Integer.MAX_VALUE - reach + slack;
            if (bias > Integer.MAX_VALUE) {
                return;
            }
            OutputRange all = new OutputRange(TensorType.INT32, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
            List<Tensor> operands = List.of(
                    Tensor.of(TensorType.INT8, Shape.of(1, width), worst),
                    weights,
                    Tensor.ofVector(TensorType.INT32, (int) (upwards ? bias : -bias)),
                    Tensor.ofVector(TensorType.INT32, Rescale.IDENTITY.multiplier()),
                    Tensor.ofVector(TensorType.INT8, Rescale.IDENTITY.shift()));
            Graph graph = TestGraphs.single(new Dense(zero, all), operands, false, true, true, true, true);
            boolean sound;
            try {
                Model model = Model.of(graph, InferenceConfig.Limits.DEFAULT);
                sound = true;
                byte[] output = engine.run(model, operands.get(0).data()).get(0).output();
                long accumulator =
                        Tensor.wrap(TensorType.INT32, Shape.of(1, 1), output).get(0);
                assertThat(Math.abs(accumulator)).isEqualTo(Integer.MAX_VALUE + slack);
            } catch (MalformedModelException e) {
                sound = false;
            }
            assertThat(sound).isEqualTo(slack <= 0);
        });
    }

    private static List<Tensor> weighted(RandomGenerator random, Shape image, Shape weights, int channels) {
        int bias = pick(random, 0, 100, 1 << 20, Integer.MAX_VALUE - (1 << 24));
        int shift = random.nextInt(1, 63);
        return List.of(
                int8(random, image),
                int8(random, weights),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), -bias, bias),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), 0, Integer.MAX_VALUE),
                TestGraphs.tensor(random, TensorType.INT8, Shape.of(channels), Math.max(1, shift - 2), shift));
    }

    /** Often at the extremes of int8. */
    private static Tensor int8(RandomGenerator random, Shape shape) {
        if (random.nextInt(4) == 0) {
            Tensor tensor = Tensor.zeros(TensorType.INT8, shape);
            for (int i = 0; i < shape.elements(); i++) {
                tensor.set(i, pick(random, -128, -128, 127, -1, 0));
            }
            return tensor;
        }
        return TestGraphs.tensor(random, TensorType.INT8, shape, -128, 127);
    }

    /** Often at the extremes, often small. */
    private static Tensor int16(RandomGenerator random, Shape shape) {
        int top = pick(random, 0, 1, 300, 32_767, 32_767);
        Tensor tensor = TestGraphs.tensor(random, TensorType.INT16, shape, -top, top);
        if (random.nextInt(3) == 0) {
            tensor.set(random.nextInt(shape.elements()), pick(random, -32_767, 32_767));
        }
        return tensor;
    }

    /** An int8 mask that goes together with a shape; often all zero. */
    private static Tensor mask(RandomGenerator random, Shape shape) {
        int[] dimensions = shape.toArray();
        for (int axis = 1; axis < dimensions.length; axis++) {
            dimensions[axis] = random.nextBoolean() ? 1 : dimensions[axis];
        }
        int top = pick(random, 0, 1, 1, 2);
        return TestGraphs.tensor(random, TensorType.INT8, Shape.of(dimensions), Math.min(-top + 1, 0), top);
    }

    private static Tensor any(RandomGenerator random, Shape shape) {
        TensorType type = TensorType.ofCode(random.nextInt(1, 4)).orElseThrow();
        return TestGraphs.tensor(random, type, shape, type.min(), type.max());
    }

    private static int in(RandomGenerator random, TensorType type) {
        return pick(random, type.min(), type.max(), 0, random.nextInt(-128, 128));
    }

    private static Shape image(RandomGenerator random) {
        return Shape.of(1, random.nextInt(1, 9), random.nextInt(1, 9), random.nextInt(1, 5));
    }

    private static Shape shape(RandomGenerator random) {
        int[] dimensions = new int[random.nextInt(2, 6)];
        dimensions[0] = 1;
        for (int axis = 1; axis < dimensions.length; axis++) {
            dimensions[axis] = random.nextInt(1, 6);
        }
        return Shape.of(dimensions);
    }

    /** A shape that goes together with another. */
    private static Shape partner(RandomGenerator random, Shape shape) {
        int[] dimensions = shape.toArray();
        for (int axis = 1; axis < dimensions.length; axis++) {
            if (dimensions[axis] == 1 && random.nextInt(3) == 0) {
                dimensions[axis] = random.nextInt(1, 5);
            } else if (random.nextInt(3) == 0) {
                dimensions[axis] = 1;
            }
        }
        return Shape.of(dimensions);
    }

    private static Window window(RandomGenerator random) {
        return new Window(
                random.nextInt(1, 4),
                random.nextInt(1, 4),
                random.nextInt(1, 3),
                random.nextInt(1, 3),
                random.nextInt(5),
                random.nextInt(5),
                random.nextInt(5),
                random.nextInt(5));
    }

    private static Window poolWindow(RandomGenerator random) {
        return new Window(
                random.nextInt(1, 4),
                random.nextInt(1, 4),
                1,
                random.nextInt(1, 3),
                random.nextInt(2),
                random.nextInt(2),
                random.nextInt(2),
                random.nextInt(2));
    }

    private static int zeroPoint(RandomGenerator random) {
        return pick(random, -128, 127, 0, random.nextInt(-128, 128));
    }

    private static Rescale rescale(RandomGenerator random) {
        return new Rescale(random.nextInt() >>> 1, random.nextInt(1, 63));
    }

    private static OutputRange output(RandomGenerator random) {
        TensorType type = TensorType.ofCode(random.nextInt(1, 4)).orElseThrow();
        int zeroPoint = pick(random, 0, 0, type.min(), type.max());
        if (random.nextBoolean()) {
            return new OutputRange(type, zeroPoint, type.min(), type.max());
        }
        int a = (int) random.nextLong(type.min(), type.max() + 1L);
        int b = (int) random.nextLong(type.min(), type.max() + 1L);
        return new OutputRange(type, zeroPoint, Math.min(a, b), Math.max(a, b));
    }

    private static int pick(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
