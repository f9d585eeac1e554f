package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.AllBackends;
import io.engram.inference.MalformedModelException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.Window;
import io.engram.inference.quantize.IdxFile;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.ModelInput;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The fast back ends give the reference's bits, on sizes around those of vectors, tiles, panels, tasks and blocks. */
class BackendAgreementTest {

    private static final int CASES = 60;
    private static final Path DEMO =
            Path.of(System.getProperty("engram.root", ".."), "client/src/main/resources/io/engram/client/demo");

    private final InferenceEngine reference = new InferenceEngine(new ReferenceBackend(), 0);
    private final List<InferenceEngine> engines = AllBackends.fast();
    private int accepted;

    private boolean check(Operator operator, List<Tensor> operands, boolean... constants) {
        Model model;
        try {
            Graph graph = TestGraphs.single(operator, operands, constants);
            model = Model.of(graph, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            return false;
        }
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int i = 0; i < operands.size(); i++) {
            if (!constants[i]) {
                input.writeBytes(operands.get(i).data());
            }
        }
        byte[] expected = reference.run(model, input.toByteArray()).getFirst().output();
        for (InferenceEngine fast : engines) {
            assertThat(fast.run(model, input.toByteArray()).getFirst().output())
                    .as("%s on %s by %s", operator, operands, fast.backend())
                    .isEqualTo(expected);
        }
        accepted++;
        return true;
    }

    @Test
    void convolutionsOfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            int groups = pick(random, 1, 1, 1, 2, 3);
            int depth = pick(random, 1, 3, 8, 17, random.nextInt(1, 70));
            int channels = groups * pick(random, 1, 15, 16, 33, 65, random.nextInt(1, 150));
            Shape image = Shape.of(1, random.nextInt(1, 16), random.nextInt(1, 16), depth * groups);
            Shape kernel = Shape.of(channels, random.nextInt(1, 5), random.nextInt(1, 5), depth);
            check(
                    new Conv2d(window(random), groups, zeroPoint(random), output(random)),
                    weighted(random, image, kernel, channels),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
        assertThat(accepted).isGreaterThan(CASES / 2);
    }

    @Test
    void depthwiseConvolutionsOfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            int channels = pick(random, 7, 8, 15, 16, 17, 31, 64, 100);
            Shape image = Shape.of(1, random.nextInt(1, 16), random.nextInt(1, 20), channels);
            check(
                    new DepthwiseConv2d(window(random), zeroPoint(random), output(random)),
                    weighted(random, image, Shape.of(random.nextInt(1, 5), random.nextInt(1, 5), channels), channels),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
        assertThat(accepted).isGreaterThan(CASES / 2);
    }

    @Test
    void denseLayersOfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            int width = pick(random, 1, 513, 1025, 2049, random.nextInt(1, 3000));
            int units = pick(random, 1, 16, 17, 63, 64, 65, random.nextInt(1, 200));
            int rows = pick(random, 1, 1, 2, 3, 7, 12, 97);
            check(
                    new Dense(zeroPoint(random), output(random)),
                    weighted(random, Shape.of(1, rows, width), Shape.of(units, width), units),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
        assertThat(accepted).isGreaterThan(CASES / 2);
    }

    @Test
    void denseLayersOfFewTermsAndManyOutputsAgree() {
        Seeds.each(CASES, random -> {
            int width = pick(random, 1, 2, 31, 32, 33, 63, 64, 65);
            int units = pick(random, 1_023, 1_024, 1_025, 2_049, random.nextInt(1, 3_000));
            check(
                    new Dense(zeroPoint(random), output(random)),
                    weighted(random, Shape.of(1, pick(random, 1, 2, 3), width), Shape.of(units, width), units),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
        assertThat(accepted).isGreaterThan(CASES / 2);
    }

    @Test
    void denseLayersOnInt16OfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            int width = pick(random, 1, 513, 1025, random.nextInt(1, 2000));
            int units = pick(random, 1, 16, 17, 64, 65, random.nextInt(1, 200));
            int rows = pick(random, 1, 1, 2, 3, 12, 97);
            int top = pick(random, 0, 1, 255, 256, 32_767, 32_767);
            Tensor x = TestGraphs.tensor(random, TensorType.INT16, Shape.of(1, rows, width), -top, top);
            x.set(random.nextInt(x.shape().elements()), pick(random, -32_767, 32_767));
            List<Tensor> operands = List.of(
                    x,
                    int8(random, Shape.of(units, width)),
                    TestGraphs.tensor(random, TensorType.INT32, Shape.of(units), -1 << 20, 1 << 20),
                    TestGraphs.tensor(random, TensorType.INT32, Shape.of(units), 0, 1 << 18),
                    TestGraphs.tensor(random, TensorType.INT8, Shape.of(units), 20, 50));
            int biasShift = random.nextInt(12);
            check(new DynamicDense(biasShift, output(random)), operands, false, true, true, true, true);
            check(new WideDense(biasShift, output(random)), operands, false, true, true, true, true);
        });
        assertThat(accepted).isGreaterThan(CASES);
    }

    @Test
    void matrixProductsOfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            int rows = pick(random, 1, 2, 6, 13, 97, random.nextInt(1, 60));
            int inner = pick(random, 1, 258, 1025, random.nextInt(1, 600));
            int columns = pick(random, 1, 16, 47, 64, 65, random.nextInt(1, 150));
            boolean transposed = random.nextBoolean();
            Tensor a = int8(random, Shape.of(1, 2, rows, inner));
            Tensor b = int8(random, transposed ? Shape.of(1, 2, columns, inner) : Shape.of(1, 2, inner, columns));
            check(
                    new MatMul(
                            transposed,
                            zeroPoint(random),
                            zeroPoint(random),
                            new Rescale(random.nextInt() >>> 1, random.nextInt(30, 62)),
                            output(random)),
                    List.of(a, b),
                    false,
                    random.nextBoolean());
        });
        assertThat(accepted).isGreaterThan(CASES / 2);
    }

    @Test
    void productsOfInt16OfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            int rows = pick(random, 1, 4, 17, 65, random.nextInt(1, 70));
            int inner = pick(random, 1, 512, 513, 1025, random.nextInt(1, 600));
            int columns = pick(random, 1, 8, 16, 33, random.nextInt(1, 60));
            boolean transposed = random.nextBoolean();
            Tensor a = int16(random, Shape.of(1, 2, rows, inner));
            Tensor b = int16(random, transposed ? Shape.of(1, 2, columns, inner) : Shape.of(1, 2, inner, columns));
            check(
                    new WideMatMul(
                            transposed,
                            pick(random, 0, -32_767, 32_767),
                            pick(random, 0, -32_767, 32_767),
                            new Rescale(random.nextInt(1 << 20), random.nextInt(20, 62)),
                            output(random)),
                    List.of(a, b),
                    false,
                    random.nextBoolean());
        });
        assertThat(accepted).isGreaterThan(CASES / 2);
    }

    private static Tensor int16(RandomGenerator random, Shape shape) {
        int top = pick(random, 1, 255, 32_767, 32_767);
        return random.nextInt(3) == 0
                ? TestGraphs.tensor(random, TensorType.INT16, shape, top, top)
                : TestGraphs.tensor(random, TensorType.INT16, shape, -top, top);
    }

    @Test
    void poolsAndSumsOfAllSizesAgree() {
        Seeds.each(CASES, random -> {
            Shape image =
                    Shape.of(1, random.nextInt(2, 12), random.nextInt(2, 12), pick(random, 8, 15, 16, 17, 40, 64, 65));
            check(
                    new MaxPool(
                            random.nextInt(1, 4),
                            random.nextInt(1, 4),
                            new Window(random.nextInt(1, 4), random.nextInt(1, 4), 1, 1, 0, 1, 1, 0),
                            zeroPoint(random),
                            random.nextBoolean() ? Rescale.IDENTITY : new Rescale(random.nextInt() >>> 1, 33),
                            output(random)),
                    List.of(int8(random, image)),
                    false);
            check(
                    new Add(
                            new Add.Term(zeroPoint(random), random.nextInt(1 << 30)),
                            new Add.Term(zeroPoint(random), random.nextInt(1 << 30)),
                            random.nextInt(1, 40),
                            output(random)),
                    List.of(int8(random, image), int8(random, image)),
                    false,
                    random.nextBoolean());
        });
        assertThat(accepted).isGreaterThan(CASES);
    }

    @Test
    void theLargestAccumulatorsAreExactAtEveryBlockLength() {
        OutputRange all = new OutputRange(TensorType.INT32, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        for (int width : new int[] {513, 514, 515, 1028, 1029, 20_000, 65_792}) {
            for (int weight : new int[] {-128, 127}) {
                for (int x : new int[] {-128, 126}) {
                    for (int zero : new int[] {127, -128}) {
                        int rows = 4;
                        int[] filled = new int[rows * width];
                        java.util.Arrays.fill(filled, x);
                        int[] w = new int[17 * width];
                        java.util.Arrays.fill(w, weight);
                        // One odd term makes the sum need its lowest bit.
                        w[width - 1] = 1;
                        boolean run = check(
                                new Dense(zero, all),
                                List.of(
                                        Tensor.of(TensorType.INT8, Shape.of(1, rows, width), filled),
                                        Tensor.of(TensorType.INT8, Shape.of(17, width), w),
                                        Tensor.zeros(TensorType.INT32, Shape.of(17)),
                                        Tensor.of(TensorType.INT32, Shape.of(17), repeated(17, 1 << 30)),
                                        Tensor.of(TensorType.INT8, Shape.of(17), repeated(17, 30))),
                                false,
                                true,
                                true,
                                true,
                                true);
                        assertThat(run).as("%s terms", width).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void theShippedModelGivesTheSameRootsForAllItsImages() throws Exception {
        Model model = Model.load(Files.readAllBytes(DEMO.resolve("fashion-mnist.egm")), ImportOptions.DEFAULT.limits());
        byte[] pixels =
                IdxFile.read(DEMO.resolve("fashion-mnist-100-images.idx.gz")).data();
        byte[] samples = ModelInput.ofPixels(pixels);
        assertThat(samples).hasSize(100 * model.facts().inputBytes());
        for (InferenceEngine fast : engines) {
            assertThat(fast.run(model, samples)).usingRecursiveComparison().isEqualTo(reference.run(model, samples));
        }
    }

    private static int[] repeated(int count, int value) {
        int[] values = new int[count];
        java.util.Arrays.fill(values, value);
        return values;
    }

    private static List<Tensor> weighted(RandomGenerator random, Shape image, Shape weights, int channels) {
        int bias = pick(random, 0, 100, 1 << 20);
        int shift = random.nextInt(31, 50);
        return List.of(
                int8(random, image),
                int8(random, weights),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), -bias, bias),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), 0, Integer.MAX_VALUE),
                TestGraphs.tensor(random, TensorType.INT8, Shape.of(channels), shift - 2, shift));
    }

    /** Often at the extremes of int8. */
    private static Tensor int8(RandomGenerator random, Shape shape) {
        if (random.nextInt(3) == 0) {
            Tensor tensor = Tensor.zeros(TensorType.INT8, shape);
            int[] few = {-128, -128, 127, random.nextBoolean() ? -128 : 1};
            for (int i = 0; i < shape.elements(); i++) {
                tensor.set(i, pick(random, few));
            }
            return tensor;
        }
        return TestGraphs.tensor(random, TensorType.INT8, shape, -128, 127);
    }

    private static Window window(RandomGenerator random) {
        return new Window(
                random.nextInt(1, 4),
                random.nextInt(1, 4),
                pick(random, 1, 1, 2),
                pick(random, 1, 1, 2, 3),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4));
    }

    private static int zeroPoint(RandomGenerator random) {
        return pick(random, -128, 127, 0, random.nextInt(-128, 128));
    }

    private static OutputRange output(RandomGenerator random) {
        TensorType type = pick(random, 0, 0, 1) == 0
                ? TensorType.INT8
                : TensorType.ofCode(random.nextInt(1, 4)).orElseThrow();
        return new OutputRange(type, pick(random, 0, 0, type.min(), type.max()), type.min(), type.max());
    }

    private static int pick(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
