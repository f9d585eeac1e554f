package io.engram.inference.engine.vector;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Window;
import io.engram.inference.quantize.IdxFile;
import io.engram.inference.quantize.ModelInput;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Speed of both back ends, by the processor time of the thread, so that other load disturbs little. */
@Tag("long")
class VectorBenchmark {

    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final long BATCH_NANOS = 40_000_000L;
    private static final int BATCHES = 25;

    @Test
    void convolutions() throws Exception {
        Conv2d three = new Conv2d(Window.of(1, 1), 1, -128, OutputRange.int8(-128));
        Conv2d one = new Conv2d(Window.UNIT, 1, -128, OutputRange.int8(-128));
        layer("conv 3x3 56x56x64->64", three, Shape.of(1, 56, 56, 64), Shape.of(64, 3, 3, 64), 64);
        layer("conv 3x3 14x14x256->256", three, Shape.of(1, 14, 14, 256), Shape.of(256, 3, 3, 256), 256);
        layer("conv 3x3 7x7x512->512", three, Shape.of(1, 7, 7, 512), Shape.of(512, 3, 3, 512), 512);
        layer("conv 1x1 28x28x96->24", one, Shape.of(1, 28, 28, 96), Shape.of(24, 1, 1, 96), 24);
        layer("conv 3x3 28x28x1->16", three, Shape.of(1, 28, 28, 1), Shape.of(16, 3, 3, 1), 16);
        DepthwiseConv2d depthwise = new DepthwiseConv2d(Window.of(1, 1), -128, OutputRange.int8(-128));
        layer("depthwise 3x3 56x56x96", depthwise, Shape.of(1, 56, 56, 96), Shape.of(3, 3, 96), 96);
        Dense dense = new Dense(-128, OutputRange.int8(0));
        layer("dense 1x1024->1024", dense, Shape.of(1, 1024), Shape.of(1024, 1024), 1024);
        layer("dense 128x1024->1024", dense, Shape.of(1, 128, 1024), Shape.of(1024, 1024), 1024);
    }

    @Test
    void shippedNetwork() throws Exception {
        Path demo = Path.of(System.getProperty("engram.root", ".."), "client/src/main/resources/io/engram/client/demo");
        Model model = Model.load(Files.readAllBytes(demo.resolve("fashion-mnist.egm")), InferenceConfig.Limits.DEFAULT);
        byte[] pixels = Arrays.copyOf(
                IdxFile.read(demo.resolve("fashion-mnist-100-images.idx.gz")).data(), 784);
        Tensor input = Tensor.wrap(TensorType.INT8, Shape.of(1, 28, 28, 1), ModelInput.ofPixels(pixels));
        for (Backend backend : List.of(new ReferenceBackend(), new VectorBackend())) {
            ModelProgram program = backend.prepare(model);
            double micros = time(() -> run(model, program, input)) / 1e3;
            System.out.printf(
                    "Fashion-MNIST %-9s %8.1f us, %s MACs%n",
                    backend.name(), micros, model.facts().macs());
            List<List<Tensor>> operands = operands(model, program, input);
            for (int i = 0; i < operands.size(); i++) {
                int step = i;
                double each = time(() -> program.step(step, operands.get(step))) / 1e3;
                System.out.printf(
                        "    %-10s %8.1f us %s%n",
                        model.graph().nodes().get(i).operator().mnemonic(), each, operands.get(i));
            }
        }
    }

    private static void run(Model model, ModelProgram program, Tensor input) {
        Tensor[] values = values(model, input);
        for (int i = 0; i < model.graph().nodes().size(); i++) {
            values[model.graph().valueOf(i)] = program.step(
                    i,
                    model.graph().nodes().get(i).inputs().stream()
                            .map(number -> values[number])
                            .toList());
        }
    }

    private static List<List<Tensor>> operands(Model model, ModelProgram program, Tensor input) {
        Tensor[] values = values(model, input);
        List<List<Tensor>> all = new ArrayList<>();
        for (int i = 0; i < model.graph().nodes().size(); i++) {
            List<Tensor> operands = model.graph().nodes().get(i).inputs().stream()
                    .map(number -> values[number])
                    .toList();
            all.add(operands);
            values[model.graph().valueOf(i)] = program.step(i, operands);
        }
        return all;
    }

    private static Tensor[] values(Model model, Tensor input) {
        Tensor[] values = new Tensor[model.graph().values()];
        values[0] = input;
        for (int i = 1; i < model.graph().valueOf(0); i++) {
            values[i] = model.graph().constant(i);
        }
        return values;
    }

    private static void layer(String name, Operator operator, Shape image, Shape weights, int channels)
            throws Exception {
        RandomGenerator random = TestGraphs.random(5);
        List<Tensor> operands = List.of(
                TestGraphs.tensor(random, TensorType.INT8, image, -128, 127),
                TestGraphs.tensor(random, TensorType.INT8, weights, -127, 127),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), -1000, 1000),
                TestGraphs.tensor(random, TensorType.INT32, Shape.of(channels), 1 << 30, Integer.MAX_VALUE),
                TestGraphs.tensor(random, TensorType.INT8, Shape.of(channels), 42, 44));
        Graph graph = TestGraphs.single(operator, operands, false, true, true, true, true);
        Model model = Model.of(graph, InferenceConfig.Limits.DEFAULT);
        long macs = model.facts().macs() + model.facts().depthwiseMacs();
        for (Backend backend : List.of(new ReferenceBackend(), new VectorBackend())) {
            ModelProgram program = backend.prepare(model);
            double nanos = time(() -> program.step(0, operands));
            System.out.printf("%-26s %-9s %9.1f us %6.2f GMAC/s%n", name, backend.name(), nanos / 1e3, macs / nanos);
        }
    }

    /** Median of processor nanoseconds for one run. */
    private static double time(Runnable body) {
        var threads = ManagementFactory.getThreadMXBean();
        int runs = 0;
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < WARM_UP_NANOS) {
            body.run();
            runs++;
        }
        int batch = (int) Math.max(1, runs * BATCH_NANOS / WARM_UP_NANOS);
        double[] nanos = new double[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            long start = threads.getCurrentThreadCpuTime();
            for (int j = 0; j < batch; j++) {
                body.run();
            }
            nanos[i] = (threads.getCurrentThreadCpuTime() - start) / (double) batch;
        }
        Arrays.sort(nanos);
        return nanos[BATCHES / 2];
    }
}
