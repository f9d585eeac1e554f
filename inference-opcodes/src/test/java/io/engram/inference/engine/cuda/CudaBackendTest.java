package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.CancelledException;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.UnsupportedModelException;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.Window;
import io.engram.inference.quantize.IdxFile;
import io.engram.inference.quantize.ImportOptions;
import io.engram.inference.quantize.ModelInput;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The CUDA back end gives the reference's bits at the edges of its tiles, on whole networks, and to many threads. */
class CudaBackendTest {

    private static final int CASES = 12;
    private static final Path DEMO =
            Path.of(System.getProperty("engram.root", ".."), "client/src/main/resources/io/engram/client/demo");

    private static final InferenceEngine REFERENCE = new InferenceEngine(new ReferenceBackend(), 0);
    private static final List<InferenceEngine> ENGINES = new ArrayList<>();

    @BeforeAll
    static void open() {
        TestDevice.requireCuda();
        for (int i = 0; i < CudaBackend.devices(); i++) {
            ENGINES.add(new InferenceEngine(CudaBackend.open(CudaOptions.DEFAULT, i), 0));
        }
    }

    private static void check(Operator operator, List<Tensor> operands, boolean... constants) {
        Model model;
        try {
            model = Model.of(TestGraphs.single(operator, operands, constants), InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            return;
        }
        java.io.ByteArrayOutputStream input = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < constants.length; i++) {
            if (!constants[i]) {
                input.writeBytes(operands.get(i).data());
            }
        }
        Inference expected = REFERENCE.run(model, input.toByteArray()).getFirst();
        for (InferenceEngine engine : ENGINES) {
            assertThat(engine.run(model, input.toByteArray()).getFirst())
                    .as("%s on %s by %s", operator, operands, engine.backend())
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }

    private static int pick(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }

    private static Tensor int8(RandomGenerator random, Shape shape) {
        return random.nextInt(3) == 0
                ? TestGraphs.tensor(random, TensorType.INT8, shape, -128, -127 + random.nextInt(2))
                : TestGraphs.tensor(random, TensorType.INT8, shape, -128, 127);
    }

    private static List<Tensor> layer(RandomGenerator random, Tensor input, Shape weights, int channels) {
        return List.of(
                input,
                int8(random, weights),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), -5000, 5000),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), 0, Integer.MAX_VALUE),
                TestGraphs.tensor(random, TensorType.INT8, Shape.of(channels), 36, 44));
    }

    private static OutputRange output(RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> OutputRange.int8(random.nextInt(-128, 128));
            case 1 -> new OutputRange(TensorType.INT16, random.nextInt(-300, 300), -32_767, 32_767);
            default -> new OutputRange(TensorType.INT32, 7, Integer.MIN_VALUE, Integer.MAX_VALUE);
        };
    }

    @Test
    void convolutionsAgreeAroundTheSizesOfTiles() {
        Seeds.each(CASES, random -> {
            int groups = pick(random, 1, 1, 2);
            int depth = pick(random, 1, 3, 4, 8, 17, 32);
            int channels = groups * pick(random, 1, 31, 32, 33, 64, 65);
            int side = pick(random, 1, 5, 8, 9, 13);
            Window window = new Window(
                    pick(random, 1, 2), pick(random, 1, 2), pick(random, 1, 2), 1, 1, pick(random, 0, 2), 1, 2);
            check(
                    new Conv2d(window, groups, random.nextInt(-128, 128), output(random)),
                    layer(
                            random,
                            int8(random, Shape.of(1, side, side + 1, depth * groups)),
                            Shape.of(channels, pick(random, 1, 3), pick(random, 1, 2), depth),
                            channels),
                    false,
                    true,
                    true,
                    true,
                    true);
        });
    }

    @Test
    void denseLayersAgreeAroundTheSizesOfTiles() {
        Seeds.each(CASES, random -> {
            int inner = pick(random, 1, 3, 31, 32, 33, 130, 260);
            int units = pick(random, 1, 31, 33, 64, 130);
            int rows = pick(random, 1, 8, 9, 33, 130);
            Shape shape = Shape.of(1, rows, inner);
            check(
                    new Dense(random.nextInt(-128, 128), output(random)),
                    layer(random, int8(random, shape), Shape.of(units, inner), units),
                    false,
                    true,
                    true,
                    true,
                    true);
            Tensor wide = TestGraphs.tensor(random, TensorType.INT16, shape, -32_767, 32_767);
            List<Tensor> operands = layer(random, wide, Shape.of(units, inner), units);
            check(new DynamicDense(random.nextInt(9), output(random)), operands, false, true, true, true, true);
            check(new WideDense(random.nextInt(9), output(random)), operands, false, true, true, true, true);
        });
    }

    @Test
    void matrixProductsAgreeAroundTheSizesOfTiles() {
        Seeds.each(CASES, random -> {
            int rows = pick(random, 1, 9, 32, 33, 65);
            int inner = pick(random, 1, 4, 33, 64);
            int columns = pick(random, 1, 31, 32, 65);
            boolean transposed = random.nextBoolean();
            Shape right = transposed ? Shape.of(1, 3, columns, inner) : Shape.of(1, 3, inner, columns);
            check(
                    new MatMul(
                            transposed,
                            pick(random, 0, -128, 5),
                            pick(random, 0, 127, -3),
                            new Rescale(random.nextInt(1 << 30), random.nextInt(32, 42)),
                            output(random)),
                    List.of(int8(random, Shape.of(1, 3, rows, inner)), int8(random, right)),
                    false,
                    random.nextBoolean());
        });
    }

    @Test
    void theLargestAccumulatorIsExact() {
        OutputRange all = new OutputRange(TensorType.INT32, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        int width = 65_792;
        int[] x = new int[width];
        Arrays.fill(x, -128);
        int[] w = new int[width];
        Arrays.fill(w, -128);
        w[width - 1] = 1;
        check(
                new Dense(127, all),
                List.of(
                        Tensor.of(TensorType.INT8, Shape.of(1, width), x),
                        Tensor.of(TensorType.INT8, Shape.of(1, width), w),
                        Tensor.zeros(TensorType.INT32, Shape.of(1)),
                        Tensor.ofVector(TensorType.INT32, 1 << 30),
                        Tensor.ofVector(TensorType.INT8, 30)),
                false,
                true,
                true,
                true,
                true);
    }

    @Test
    void aNetworkTakesOneUploadAndOneDownloadARun() throws Exception {
        TestDevice.require();
        Model model = demo();
        byte[] sample = ModelInput.ofPixels(images());
        int bytes = model.facts().inputBytes();
        InferenceEngine engine = ENGINES.getFirst();
        engine.run(model, Arrays.copyOf(sample, bytes));
        long uploads = TestDevice.count("uploads");
        long downloads = TestDevice.count("downloads");
        long allocations = TestDevice.count("allocations");
        for (int image = 1; image < 3; image++) {
            byte[] one = Arrays.copyOfRange(sample, image * bytes, (image + 1) * bytes);
            assertThat(engine.run(model, one)).usingRecursiveComparison().isEqualTo(REFERENCE.run(model, one));
        }
        assertThat(TestDevice.count("uploads") - uploads).isEqualTo(2);
        assertThat(TestDevice.count("downloads") - downloads).isEqualTo(2);
        assertThat(TestDevice.count("allocations") - allocations).isZero();
    }

    @Test
    void manyThreadsAndModelsShareDevices() throws Exception {
        CudaBackend backend = CudaBackend.open(CudaOptions.DEFAULT);
        InferenceEngine engine = new InferenceEngine(backend, 0);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Model model = TestGraphs.model(TestGraphs.convolutional(8, 1 + i % 3, 1));
            byte[] input = TestGraphs.bytes(TestGraphs.random(i), model.facts().inputBytes());
            Inference expected = REFERENCE.run(model, input).getFirst();
            tasks.add(() -> engine.run(model, input).getFirst().stepsRoot().equals(expected.stepsRoot()));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<Boolean> right : threads.invokeAll(tasks)) {
                assertThat(right.get()).isTrue();
            }
        }
    }

    @Test
    void weightsGoWhenOthersNeedTheRoom() {
        TestDevice.require();
        // A share of the test device's memory that holds few of these networks.
        CudaOptions small = CudaOptions.DEFAULT.withLanes(1).withMemoryShare(1);
        InferenceEngine engine = new InferenceEngine(CudaBackend.open(small, 0), 0);
        int width = 2000;
        long allocations = TestDevice.count("allocations");
        for (int round = 0; round < 2; round++) {
            for (int number = 0; number < 3; number++) {
                RandomGenerator random = TestGraphs.random(number);
                Tensor input = TestGraphs.tensor(random, TensorType.INT8, Shape.of(1, width), -128, 127);
                Model model = TestGraphs.model(TestGraphs.single(
                        new Dense(0, OutputRange.int8(0)),
                        layer(random, input, Shape.of(width, width), width),
                        false,
                        true,
                        true,
                        true,
                        true));
                assertThat(engine.run(model, input.data()))
                        .usingRecursiveComparison()
                        .isEqualTo(REFERENCE.run(model, input.data()));
            }
        }
        // Three networks and an arena, and some networks again.
        assertThat(TestDevice.count("allocations") - allocations).isGreaterThan(3 + 1);
    }

    @Test
    void aModelThatIsTooLargeForTheDevicesIsDeclined() {
        TestDevice.require();
        CudaBackend backend = CudaBackend.open(CudaOptions.DEFAULT.withMemoryShare(1), 0);
        Model model = TestGraphs.model(TestGraphs.single(
                new Clamp(-1, 1), List.of(Tensor.zeros(TensorType.INT8, Shape.of(1, 2 << 20))), false));
        assertThatThrownBy(() -> backend.prepare(model)).isInstanceOf(UnsupportedModelException.class);
    }

    @Test
    void aRunThatIsNotWantedIsGivenUp() {
        Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 1));
        ModelProgram program = CudaBackend.open(CudaOptions.DEFAULT, 0).prepare(model);
        Tensor input = Tensor.zeros(TensorType.INT8, Shape.of(1, 8, 8, 1));
        Cancellation cancelled = () -> {
            throw new CancelledException("not wanted");
        };
        assertThatThrownBy(() -> program.run(List.of(input), true, cancelled)).isInstanceOf(CancelledException.class);
        assertThat(program.run(List.of(input), false, Cancellation.NEVER).resultRoots())
                .isEmpty();
    }

    private static Model demo() throws Exception {
        return Model.load(Files.readAllBytes(DEMO.resolve("fashion-mnist.egm")), ImportOptions.DEFAULT.limits());
    }

    private static byte[] images() throws Exception {
        return IdxFile.read(DEMO.resolve("fashion-mnist-100-images.idx.gz")).data();
    }
}
