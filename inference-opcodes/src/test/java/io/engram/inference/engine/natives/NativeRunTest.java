package io.engram.inference.engine.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.engram.inference.Seeds;
import io.engram.inference.bench.GraphSketch;
import io.engram.inference.bench.Networks;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.CancelledException;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs that are given up on the way, and runs that share their threads. */
class NativeRunTest {

    private static final int INPUTS = 3;
    private static final int RUNS = 10;
    private static final int SOAK_SAMPLES = 8;
    private static final int SOAK_RUNS = 4_000;
    private static final int SOAK_CALLERS = 4;

    @BeforeAll
    static void aLibrary() {
        assumeTrue(NativeBackend.unavailable().isEmpty(), "no native library");
    }

    private static NativeBackend backend(NativeOptions options) {
        return new NativeBackend(new ReferenceBackend(), options);
    }

    private static Tensor input(Model model, RandomGenerator random) {
        Tensor input =
                Tensor.zeros(TensorType.INT8, model.graph().inputs().getFirst().shape());
        random.nextBytes(input.data());
        return input;
    }

    @Test
    void aRunIsGivenUpInTheMiddleAndTheNextOneIsWhole() {
        Model model = GraphSketch.model(Networks.RESNET_18);
        Tensor input =
                input(model, RandomGeneratorFactory.of("L64X128MixRandom").create(1));
        NativeOptions alone = NativeOptions.ofThreads(1);
        ModelRun expected = backend(alone).prepare(model).run(List.of(input), true, Cancellation.NEVER);
        for (NativeOptions options : List.of(
                alone, alone.withHashThread(), NativeOptions.ofThreads(3).withHashThread())) {
            ModelProgram program = backend(options).prepare(model);
            AtomicInteger asked = new AtomicInteger();
            Cancellation third = () -> {
                if (asked.incrementAndGet() == 3) {
                    throw new CancelledException("enough");
                }
            };
            assertThatThrownBy(() -> program.run(List.of(input), true, third)).isInstanceOf(CancelledException.class);
            assertThat(asked).hasValue(3);
            ModelRun whole = program.run(List.of(input), true, Cancellation.NEVER);
            assertThat(whole.resultRoots()).isEqualTo(expected.resultRoots());
            assertThat(whole.outputs().getFirst().data())
                    .isEqualTo(expected.outputs().getFirst().data());
        }
    }

    @Test
    void rootsDoNotDependOnWhoHashes() {
        Model model = GraphSketch.model(Networks.MOBILENET_V2);
        ModelProgram reference = new ReferenceBackend().prepare(model);
        NativeOptions one = NativeOptions.ofThreads(1);
        List<ModelProgram> programs = Stream.of(
                        one,
                        one.withHashThread(),
                        NativeOptions.ofThreads(3).withSplitWork(0).withHashThread())
                .map(options -> backend(options).prepare(model))
                .toList();
        Seeds.each(INPUTS, random -> {
            List<Tensor> inputs = List.of(input(model, random));
            ModelRun expected = reference.run(inputs, true, Cancellation.NEVER);
            for (ModelProgram program : programs) {
                // Again over the memory of the run before, in another step of the two threads.
                for (int run = 0; run < RUNS; run++) {
                    assertThat(program.run(inputs, true, Cancellation.NEVER).resultRoots())
                            .isEqualTo(expected.resultRoots());
                }
            }
        });
    }

    @Test
    @Tag("long")
    void manyCallersAndThreadsGiveTheReferencesRoots() throws Exception {
        Model model = GraphSketch.model(Networks.FASHION);
        InferenceEngine reference = new InferenceEngine(new ReferenceBackend(), 0);
        List<byte[]> samples = new ArrayList<>();
        Seeds.each(SOAK_SAMPLES, random -> samples.add(input(model, random).data()));
        List<?> expected =
                samples.stream().map(sample -> reference.run(model, sample)).toList();
        NativeOptions two = NativeOptions.ofThreads(2).withSplitWork(0);
        for (NativeOptions options :
                List.of(two, two.withHashThread(), NativeOptions.ofThreads(1).withHashThread())) {
            InferenceEngine engine = new InferenceEngine(backend(options), 0);
            try (ExecutorService callers = Executors.newFixedThreadPool(SOAK_CALLERS)) {
                List<Future<?>> running = new ArrayList<>();
                for (int caller = 0; caller < SOAK_CALLERS; caller++) {
                    int first = caller;
                    running.add(callers.submit(() -> {
                        for (int i = 0; i < SOAK_RUNS; i++) {
                            int sample = (first + i) % SOAK_SAMPLES;
                            assertThat(engine.run(model, samples.get(sample)))
                                    .usingRecursiveComparison()
                                    .isEqualTo(expected.get(sample));
                        }
                    }));
                }
                for (Future<?> caller : running) {
                    caller.get();
                }
            }
        }
    }
}
