package io.engram.inference.bench;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.natives.BareRun;
import io.engram.inference.engine.natives.NativeBackend;
import io.engram.inference.engine.natives.NativeOptions;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same shapes on ONNX Runtime (u8 by s8, one thread) and on Engram's back ends, turn by turn in one process; medians
 * of the calling thread's processor time, and of the clock where a second thread hashes. Arguments: rounds, then keys of
 * {@link Networks}; none for all. ONNX Runtime is measured twice: its products give int32 and results stay in its memory; "like
 * ours" they are rescaled to bytes and read. "Nothing moved" is the other way round: Engram's kernels on an input that is
 * in their memory already, rescaled results left there.
 */
@Tag("long")
public final class OnnxRuntimeBench {

    private static final int ROUNDS = 15;
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long BATCH_NANOS = 30_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Names the networks of a test run by their keys, with commas between them. */
    private static final String ONLY_PROPERTY = "engram.bench.only";

    @Test
    void ratios() throws OrtException {
        String only = System.getProperty(ONLY_PROPERTY, String.join(",", Networks.keys()));
        compare(ROUNDS, List.of(only.split(",")));
    }

    /** One inference. */
    private interface Work {
        void run() throws OrtException;
    }

    private record Runner(String name, Work work, boolean byClock, List<Double> micros) {

        int batch() throws OrtException {
            long begun = System.nanoTime();
            int runs = 0;
            while (System.nanoTime() - begun < WARM_UP_NANOS || runs < 3) {
                work.run();
                runs++;
            }
            return (int) Math.max(1, runs * BATCH_NANOS / WARM_UP_NANOS);
        }

        void measure(int count) throws OrtException {
            long begun = now();
            for (int i = 0; i < count; i++) {
                work.run();
            }
            micros.add((now() - begun) / 1e3 / count);
        }

        private long now() {
            return byClock ? System.nanoTime() : THREADS.getCurrentThreadCpuTime();
        }

        double median() {
            double[] sorted =
                    micros.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    public static void main(String[] arguments) throws OrtException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        compare(rounds, arguments.length > 1 ? Arrays.asList(arguments).subList(1, arguments.length) : Networks.keys());
    }

    private static void compare(int rounds, List<String> keys) throws OrtException {
        System.out.printf("tiers %s, SHA-256 %s%n", NativeBackend.tiers(), NativeBackend.hashers());
        for (Networks network : Networks.values()) {
            if (keys.contains(network.key())) {
                compare(network, rounds);
            }
        }
    }

    private static void compare(Networks network, int rounds) throws OrtException {
        OrtSketch sketch = sketch(network, false);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            int elements = (int) Arrays.stream(sketch.inputShape()).reduce(1, (a, b) -> a * b);
            ByteBuffer data = ByteBuffer.allocateDirect(elements);
            new SplittableRandom(1).ints(elements).forEach(value -> data.put((byte) value));
            data.flip();
            try (OrtSession session = environment.createSession(sketch.encode(), options);
                    OrtSession like =
                            environment.createSession(sketch(network, true).encode(), options);
                    OnnxTensor input =
                            OnnxTensor.createTensor(environment, data, sketch.inputShape(), OnnxJavaType.UINT8)) {
                Map<String, OnnxTensor> inputs = Map.of("v0", input);
                List<Runner> runners = new ArrayList<>();
                Work ort = () -> session.run(inputs).close();
                runners.add(new Runner("ONNX Runtime", ort, false, new ArrayList<>()));
                runners.add(new Runner("ONNX Runtime, like ours", () -> read(like, inputs), false, new ArrayList<>()));
                runners.addAll(ours(network));
                if (network.isNetwork()) {
                    runners.add(new Runner("ONNX Runtime, by the clock", ort, true, new ArrayList<>()));
                }
                report(network, runners, rounds);
            }
        }
    }

    private static OrtSketch sketch(Networks network, boolean rescaled) {
        OrtSketch sketch = new OrtSketch(rescaled);
        network.sketch(sketch);
        return sketch;
    }

    /** As Engram's runs end: results rescaled to bytes, in memory of Java. */
    private static void read(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
        try (OrtSession.Result result = session.run(inputs)) {
            byte[] output =
                    new byte[(int) ((OnnxTensor) result.get(0)).getInfo().getNumElements()];
            ((OnnxTensor) result.get(0)).getByteBuffer().get(output);
        }
    }

    private static List<Runner> ours(Networks network) {
        Model model = GraphSketch.model(network);
        Tensor input =
                Tensor.zeros(TensorType.INT8, model.graph().inputs().getFirst().shape());
        new SplittableRandom(1).nextBytes(input.data());
        List<Runner> runners = new ArrayList<>();
        NativeOptions one = NativeOptions.ofThreads(1);
        for (String tier : NativeBackend.tiers()) {
            runners.add(runner("native " + tier, model, input, natives(one.withTier(tier)), false, false));
        }
        BareRun bare = new BareRun(model, one, input);
        runners.add(new Runner("native, nothing moved", bare::run, false, new ArrayList<>()));
        runners.add(runner("native, committed", model, input, natives(one), true, false));
        if (network.isNetwork()) {
            runners.add(runner(
                    "native, committed by a second thread", model, input, natives(one.withHashThread()), true, true));
        }
        runners.add(runner("vector", model, input, new VectorBackend(1), false, false));
        return runners;
    }

    private static Backend natives(NativeOptions options) {
        return new NativeBackend(new ReferenceBackend(), options);
    }

    private static Runner runner(
            String name, Model model, Tensor input, Backend backend, boolean commit, boolean byClock) {
        ModelProgram program = backend.prepare(model);
        IntPredicate ran = _ -> program.run(List.of(input), commit, Cancellation.NEVER)
                .outputs()
                .isEmpty();
        return new Runner(
                name,
                () -> {
                    if (ran.test(0)) {
                        throw new IllegalStateException("no output");
                    }
                },
                byClock,
                new ArrayList<>());
    }

    private static void report(Networks network, List<Runner> runners, int rounds) throws OrtException {
        Model model = GraphSketch.model(network);
        double macs = model.facts().macs() + model.facts().depthwiseMacs();
        int[] batches = new int[runners.size()];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = runners.get(i).batch();
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < batches.length; i++) {
                runners.get(i).measure(batches[i]);
            }
        }
        double byProcessor = runners.getFirst().median();
        double byClock = runners.getLast().median();
        System.out.printf("%s (%.1f million multiply-accumulates)%n", network.title(), macs / 1e6);
        for (Runner runner : runners) {
            double micros = runner.median();
            System.out.printf(
                    "    %-38s %9.1f us %7.1f GMAC/s %6.2f x%n",
                    runner.name(), micros, macs / micros / 1e3, (runner.byClock() ? byClock : byProcessor) / micros);
        }
    }
}
