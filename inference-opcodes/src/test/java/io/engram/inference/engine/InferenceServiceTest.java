package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many callers at once, and everything that may end without a result. */
@Timeout(60)
class InferenceServiceTest {

    private static final EngineOptions OPTIONS = new EngineOptions(1 << 20, 1 << 20, 1 << 20, 1);
    private static final Demand CALL = Demand.call(Cancellation.NEVER);

    private final Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 64));
    private final byte[] sample = TestGraphs.bytes(TestGraphs.random(11), 64);
    private final Inference expected =
            new InferenceEngine(new ReferenceBackend(), 0).run(model, sample).getFirst();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.close();
    }

    /** Runs on the reference; each run and each preparation may be met by the test. */
    private static final class Probe implements Backend {

        private final ReferenceBackend reference = new ReferenceBackend();
        private final AtomicInteger prepared = new AtomicInteger();
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger mostRunning = new AtomicInteger();
        private volatile Runnable onRun = () -> {};
        private volatile Runnable onPrepare = () -> {};
        private volatile long bytes;

        @Override
        public String name() {
            return "probe";
        }

        @Override
        public ModelProgram prepare(Model model) {
            prepared.incrementAndGet();
            onPrepare.run();
            ModelProgram program = reference.prepare(model);
            return new ModelProgram() {
                @Override
                public Tensor step(int index, List<Tensor> inputs) {
                    return program.step(index, inputs);
                }

                @Override
                public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
                    runs.incrementAndGet();
                    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        onRun.run();
                        return program.run(inputs, commit, cancellation);
                    } finally {
                        running.decrementAndGet();
                    }
                }

                @Override
                public long bytes() {
                    return bytes;
                }
            };
        }
    }

    private EngineStatus.Counts counts(InferenceEngine engine, Demand.Priority priority) {
        return Objects.requireNonNull(engine.status().counts().get(priority));
    }

    @Test
    void theSameInferenceIsComputedOnceForAllWhoAskAtOnce() throws Exception {
        Probe probe = new Probe();
        CountDownLatch held = new CountDownLatch(1);
        probe.onRun = () -> await(held);
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
        List<Future<List<Inference>>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Demand demand = i % 2 == 0 ? CALL : Demand.CONSENSUS;
            answers.add(threads.submit(() -> engine.run(model, sample, demand)));
        }
        until(() -> probe.runs.get() == 1);
        held.countDown();
        for (Future<List<Inference>> answer : answers) {
            assertThat(answer.get().getFirst()).usingRecursiveComparison().isEqualTo(expected);
        }
        assertThat(probe.runs).hasValue(1);
        assertThat(probe.prepared).hasValue(1);
        assertThat(counts(engine, Demand.Priority.CALL).computed()
                        + counts(engine, Demand.Priority.CONSENSUS).computed())
                .isEqualTo(1);
    }

    @Test
    void aRunThatIsCancelledGoesOnWhileSomebodyElseWaitsForIt() throws Exception {
        Probe probe = new Probe();
        CountDownLatch held = new CountDownLatch(1);
        AtomicBoolean unwanted = new AtomicBoolean();
        probe.onRun = () -> await(held);
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
        Future<List<Inference>> first =
                threads.submit(() -> engine.run(model, sample, Demand.ahead(cancelledWhen(unwanted))));
        until(() -> probe.runs.get() == 1);
        Future<List<Inference>> block = threads.submit(() -> engine.run(model, sample));
        // The block's thread has no other way to wait than for the run that is on its way.
        Thread.sleep(50);
        unwanted.set(true);
        held.countDown();
        assertThat(block.get().getFirst()).usingRecursiveComparison().isEqualTo(expected);
        assertThat(first.get()).hasSize(1);
        assertThat(probe.runs).hasValue(1);
    }

    @Test
    void aCancelledRunLeavesNothingAndTheOneWhoWaitedComputesItself() throws Exception {
        Probe probe = new Probe();
        AtomicBoolean unwanted = new AtomicBoolean();
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
        probe.onRun = () -> unwanted.set(true);
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> engine.run(model, sample, Demand.call(cancelledWhen(unwanted))));
        assertThat(engine.status().results()).isZero();
        assertThat(counts(engine, Demand.Priority.CALL).cancelled()).isEqualTo(1);
        assertThat(engine.run(model, sample).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(expected);
        assertThat(probe.runs).hasValue(2);
    }

    @Test
    void whoWaitsForAnotherMayGiveUp() throws Exception {
        Probe probe = new Probe();
        CountDownLatch held = new CountDownLatch(1);
        probe.onRun = () -> await(held);
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
        Future<List<Inference>> first = threads.submit(() -> engine.run(model, sample, CALL));
        until(() -> probe.runs.get() == 1);
        AtomicBoolean unwanted = new AtomicBoolean();
        Future<List<Inference>> second =
                threads.submit(() -> engine.run(model, sample, Demand.call(cancelledWhen(unwanted))));
        unwanted.set(true);
        assertThatThrownBy(second::get).hasCauseInstanceOf(CancelledException.class);
        held.countDown();
        assertThat(first.get()).hasSize(1);
    }

    @Test
    void noFaultBecomesAResult() {
        for (Runnable fault : List.<Runnable>of(
                () -> {
                    throw new LocalFaultException("device lost");
                },
                () -> {
                    throw new OutOfMemoryError("of the test");
                })) {
            Probe onRun = new Probe();
            onRun.onRun = fault;
            Probe onPrepare = new Probe();
            onPrepare.onPrepare = fault;
            for (Probe probe : List.of(onRun, onPrepare)) {
                InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
                assertThatExceptionOfType(LocalFaultException.class).isThrownBy(() -> engine.run(model, sample));
                assertThat(engine.status().results()).isZero();
                assertThat(engine.status().resultBytes()).isZero();
                assertThat(engine.status().runningBytes()).isZero();
                assertThat(counts(engine, Demand.Priority.CONSENSUS).faults()).isEqualTo(1);
                probe.onRun = () -> {};
                probe.onPrepare = () -> {};
                assertThat(engine.run(model, sample).getFirst())
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void theOneWhoWaitedForAFaultFindsOutForItself() throws Exception {
        Probe probe = new Probe();
        CountDownLatch held = new CountDownLatch(1);
        AtomicBoolean once = new AtomicBoolean(true);
        probe.onRun = () -> {
            await(held);
            if (once.getAndSet(false)) {
                throw new LocalFaultException("device lost");
            }
        };
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
        Future<List<Inference>> first = threads.submit(() -> engine.run(model, sample, CALL));
        until(() -> probe.runs.get() == 1);
        Future<List<Inference>> second = threads.submit(() -> engine.run(model, sample, CALL));
        Thread.sleep(20);
        held.countDown();
        assertThatThrownBy(first::get).hasCauseInstanceOf(LocalFaultException.class);
        assertThat(second.get().getFirst()).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void callsTakeTurnsWithinTheMemoryAndBlocksDoNotWait() throws Exception {
        Probe probe = new Probe();
        long peak = model.check().peakMemoryBytes();
        InferenceEngine engine = new InferenceEngine(probe, new EngineOptions(1 << 20, 0, 2 * peak, 1));
        CountDownLatch held = new CountDownLatch(1);
        probe.onRun = () -> await(held);
        List<Future<List<Inference>>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            byte[] own = TestGraphs.bytes(TestGraphs.random(100 + i), 64);
            calls.add(threads.submit(() -> engine.run(model, own, CALL)));
        }
        until(() -> probe.running.get() == 2);
        Thread.sleep(30);
        assertThat(probe.running).hasValue(2);
        assertThat(engine.status().runningBytes()).isEqualTo(2 * peak);
        Future<List<Inference>> block = threads.submit(() -> engine.run(model, sample));
        until(() -> probe.running.get() == 3);
        held.countDown();
        assertThat(block.get()).hasSize(1);
        for (Future<List<Inference>> call : calls) {
            call.get();
        }
        assertThat(probe.mostRunning.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void whatNobodyWaitsForStaysBackWhileABlockRunsUnlessTheBlockWantsIt() throws Exception {
        Probe probe = new Probe();
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS);
        CountDownLatch held = new CountDownLatch(1);
        probe.onRun = () -> await(held);
        byte[] other = TestGraphs.bytes(TestGraphs.random(12), 64);
        Future<List<Inference>> block = threads.submit(() -> engine.run(model, sample));
        until(() -> probe.runs.get() == 1);
        Future<List<Inference>> ahead =
                threads.submit(() -> engine.run(model, other, Demand.ahead(Cancellation.NEVER)));
        Thread.sleep(30);
        assertThat(probe.runs).hasValue(1);
        Future<List<Inference>> second = threads.submit(() -> engine.run(model, other));
        until(() -> probe.runs.get() == 2);
        held.countDown();
        assertThat(ahead.get()).isEqualTo(second.get());
        assertThat(block.get()).hasSize(1);
    }

    @Test
    void samplesOfABatchAreComputedAtOnceAndKeepTheirOrder() {
        Probe probe = new Probe();
        CountDownLatch two = new CountDownLatch(2);
        probe.onRun = () -> {
            two.countDown();
            await(two);
        };
        byte[] samples = TestGraphs.bytes(TestGraphs.random(13), 64 * 40);
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS.withThreads(4));
        assertThat(engine.run(model, samples))
                .usingRecursiveComparison()
                .isEqualTo(new InferenceEngine(new ReferenceBackend(), 0).run(model, samples));
    }

    @Test
    void aFaultInABatchEndsItWithoutAResult() {
        Probe probe = new Probe();
        probe.onRun = () -> {
            if (probe.runs.get() > 5) {
                throw new LocalFaultException("device lost");
            }
        };
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS.withThreads(3));
        byte[] samples = TestGraphs.bytes(TestGraphs.random(14), 64 * 40);
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(LocalFaultException.class).isThrownBy(() -> engine.run(model, samples));
        }
        assertThat(probe.running).hasValue(0);
        assertThat(engine.status().runningBytes()).isZero();
    }

    @Test
    void preparedModelsStayWithinTheBound() {
        Probe probe = new Probe();
        probe.bytes = 1_000;
        List<Model> models = new ArrayList<>();
        for (int width = 1; width <= 4; width++) {
            models.add(TestGraphs.model(TestGraphs.convolutional(8, width, 1)));
        }
        long bound = 2_000
                + models.get(2).facts().fileBytes()
                + models.get(3).facts().fileBytes();
        InferenceEngine engine = new InferenceEngine(probe, OPTIONS.withCacheBytes(bound));
        for (Model one : models) {
            engine.run(one, sample);
            assertThat(engine.status().modelBytes()).isLessThanOrEqualTo(bound);
        }
        assertThat(engine.status().models()).isEqualTo(2);
        engine.run(models.get(3), new byte[64]);
        assertThat(probe.prepared).hasValue(4);
        engine.run(models.get(0), new byte[64]);
        assertThat(probe.prepared).hasValue(5);
    }

    @Test
    void aProgramThatGrowsIsCountedAtItsNewSize() {
        Probe probe = new Probe();
        InferenceEngine engine =
                new InferenceEngine(probe, OPTIONS.withCacheBytes(0).withMemoBytes(0));
        engine.run(model, sample);
        long before = engine.status().modelBytes();
        probe.bytes = 5_000;
        engine.run(model, sample);
        assertThat(engine.status().modelBytes()).isEqualTo(before + 5_000);
    }

    @Test
    void theMemoStaysWithinTheBoundUnderManyThreads() throws Exception {
        long entry = model.facts().outputBytes() + InferenceMemo.ENTRY_OVERHEAD;
        InferenceEngine engine = new InferenceEngine(new ReferenceBackend(), OPTIONS.withMemoBytes(10 * entry));
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int task = 0; task < 4; task++) {
            int number = task;
            tasks.add(() -> {
                for (int i = 0; i < 200; i++) {
                    engine.run(model, TestGraphs.bytes(TestGraphs.random((number * 7 + i) % 50), 64), CALL);
                    assertThat(engine.status().resultBytes()).isLessThanOrEqualTo(10 * entry);
                }
                return true;
            });
        }
        for (Future<Boolean> task : threads.invokeAll(tasks)) {
            assertThat(task.get()).isTrue();
        }
        assertThat(engine.status().results()).isEqualTo(10);
    }

    private static Cancellation cancelledWhen(AtomicBoolean unwanted) {
        return () -> {
            if (unwanted.get()) {
                throw new CancelledException("not wanted any more");
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(1);
        }
    }
}
