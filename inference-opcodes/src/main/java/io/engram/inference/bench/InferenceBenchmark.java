package io.engram.inference.bench;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
import io.engram.inference.engine.natives.NativeBackend;
import io.engram.inference.engine.natives.NativeOptions;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Speed of the back ends on the {@link Networks}. Used by one thread. */
public final class InferenceBenchmark {

    /** What becomes of the steps' commitments. */
    public enum Commitments {
        OFF,
        ON,
        /** By another thread while the next steps are computed. */
        ON_SECOND_THREAD
    }

    /**
     * A way to run a network.
     *
     * @param tier the instructions of the native back end, the kernels of the first GPU; empty for the others
     * @param callByCall whether a GPU is given a run by many calls instead of as one graph
     */
    public record Way(String backend, String tier, Commitments commitments, boolean callByCall) {

        private Way(String backend, String tier, Commitments commitments) {
            this(backend, tier, commitments, false);
        }
    }

    /**
     * What one inference takes: the median of batches, of this thread's processor time, or of the clock where other
     * threads or a GPU help.
     *
     * @param watts what the GPU draws meanwhile, where it says so
     */
    public record Figure(Networks network, Way way, long multiplyAdds, double nanos, OptionalDouble watts) {

        /** Thousands of millions of multiply–accumulates a second. */
        public double speed() {
            return multiplyAdds / nanos;
        }
    }

    private static final String CUDA = "cuda";
    private static final int FIRST_GPU = 0;
    private static final int BATCHES = 15;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int threads;
    private final long nanos;

    /**
     * @param threads that the native and vector back ends split a step over; inferences that a GPU is given at once
     * @param millis of measuring each way, and of warming up before
     */
    public InferenceBenchmark(int threads, long millis) {
        this.threads = threads;
        this.nanos = millis * 1_000_000;
    }

    /** Everything that works on this machine: the fastest tier with and without commitments, the others without. */
    public static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (String tier : NativeBackend.tiers()) {
            boolean fastest = ways.isEmpty();
            for (Commitments commitments : fastest ? Commitments.values() : new Commitments[] {Commitments.OFF}) {
                ways.add(new Way("native", tier, commitments));
            }
        }
        if (VectorBackend.isAvailable()) {
            ways.add(new Way("vector", "", Commitments.OFF));
            ways.add(new Way("vector", "", Commitments.ON));
        }
        if (CudaBackend.unavailable().isEmpty()) {
            String tier = CudaBackend.tier(FIRST_GPU);
            ways.add(new Way(CUDA, tier, Commitments.OFF));
            ways.add(new Way(CUDA, tier, Commitments.ON));
            ways.add(new Way(CUDA, tier, Commitments.ON, true));
        }
        ways.add(new Way("reference", "", Commitments.OFF));
        return ways;
    }

    /** The GPU that is measured, in words; empty where there is none. */
    public static Optional<String> gpu() {
        return CudaBackend.unavailable().isPresent()
                ? Optional.empty()
                : Optional.of(CudaBackend.description(FIRST_GPU));
    }

    /** @param told of each figure as soon as it is known */
    public void measure(Predicate<Networks> networks, Predicate<Way> wanted, Consumer<Figure> told) {
        for (Networks network : Networks.values()) {
            if (networks.test(network)) {
                Model model = GraphSketch.model(network);
                ways().stream().filter(wanted).forEach(way -> told.accept(measure(network, model, way)));
            }
        }
    }

    private Figure measure(Networks network, Model model, Way way) {
        Tensor input =
                Tensor.zeros(TensorType.INT8, model.graph().inputs().getFirst().shape());
        new SplittableRandom(1).nextBytes(input.data());
        ModelProgram program = backend(way).prepare(model);
        boolean commit = way.commitments() != Commitments.OFF;
        Runnable once = () -> {
            if (program.run(List.of(input), commit, Cancellation.NEVER)
                    .outputs()
                    .isEmpty()) {
                throw new IllegalStateException("no output");
            }
        };
        long macs = model.facts().macs() + model.facts().depthwiseMacs();
        if (!way.backend().equals(CUDA)) {
            boolean byClock = threads > 1 || way.commitments() == Commitments.ON_SECOND_THREAD;
            return new Figure(network, way, macs, median(once, byClock), OptionalDouble.empty());
        }
        requireTheBitsOfTheReference(model, program, input);
        try (GpuPower power = GpuPower.start(FIRST_GPU);
                ParallelRuns runs = new ParallelRuns(threads)) {
            double nanos = median(() -> runs.run(once), true) / threads;
            return new Figure(network, way, macs, nanos, power.watts());
        }
    }

    private static void requireTheBitsOfTheReference(Model model, ModelProgram program, Tensor input) {
        ModelRun expected = new ReferenceBackend().prepare(model).run(List.of(input), true, Cancellation.NEVER);
        if (!program.run(List.of(input), true, Cancellation.NEVER).equals(expected)) {
            throw new IllegalStateException("the GPU computes something else than the reference for " + model);
        }
    }

    private Backend backend(Way way) {
        return switch (way.backend()) {
            case "native" -> {
                NativeOptions options = NativeOptions.ofThreads(threads).withTier(way.tier());
                yield new NativeBackend(
                        new ReferenceBackend(),
                        way.commitments() == Commitments.ON_SECOND_THREAD ? options.withHashThread() : options);
            }
            case "vector" -> new VectorBackend(threads);
            case CUDA ->
                CudaBackend.open(
                        way.callByCall() ? CudaOptions.DEFAULT.withoutGraphs() : CudaOptions.DEFAULT, FIRST_GPU);
            default -> new ReferenceBackend();
        };
    }

    private double median(Runnable once, boolean byClock) {
        long begun = System.nanoTime();
        long runs = 0;
        while (System.nanoTime() - begun < nanos || runs == 0) {
            once.run();
            runs++;
        }
        long batch = Math.max(1, runs / BATCHES);
        double[] times = new double[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            long start = now(byClock);
            for (long run = 0; run < batch; run++) {
                once.run();
            }
            times[i] = (double) (now(byClock) - start) / batch;
        }
        Arrays.sort(times);
        return times[BATCHES / 2];
    }

    private static long now(boolean byClock) {
        return byClock ? System.nanoTime() : THREADS.getCurrentThreadCpuTime();
    }
}
