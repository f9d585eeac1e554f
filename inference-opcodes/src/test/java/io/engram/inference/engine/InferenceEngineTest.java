package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InferenceEngineTest {

    private final Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 16));
    private final InferenceEngine engine = new InferenceEngine(new ReferenceBackend());

    @Test
    void aBatchGivesWhatEachSampleGivesAlone() {
        Seeds.each(20, random -> {
            int count = random.nextInt(1, 5);
            byte[] samples = TestGraphs.bytes(random, 64 * count);
            List<Inference> batch = new InferenceEngine(new ReferenceBackend()).run(model, samples);
            assertThat(batch).hasSize(count);
            for (int i = 0; i < count; i++) {
                byte[] sample = java.util.Arrays.copyOfRange(samples, 64 * i, 64 * i + 64);
                Inference alone = new InferenceEngine(new ReferenceBackend())
                        .run(model, sample)
                        .get(0);
                assertThat(batch.get(i)).usingRecursiveComparison().isEqualTo(alone);
            }
        });
    }

    @Test
    void rootsAreThoseOfTheStepsAndTensors() {
        byte[] sample = TestGraphs.bytes(TestGraphs.random(4), 64);
        Inference inference = engine.run(model, sample).get(0);
        List<StepLeaf> steps = engine.steps(model, sample);
        assertThat(steps).hasSize(6);
        assertThat(Commitments.stepsRoot(steps)).isEqualTo(inference.stepsRoot());
        assertThat(Commitments.valuesRoot(List.of(steps.get(0).inputRoots().get(0))))
                .isEqualTo(inference.inputRoot());
        assertThat(Commitments.valuesRoot(steps.get(5).outputRoots())).isEqualTo(inference.outputRoot());
        for (int i = 0; i < steps.size(); i++) {
            StepLeaf leaf = steps.get(i);
            assertThat(leaf.index()).isEqualTo(i);
            assertThat(leaf.modelId()).isEqualTo(model.id());
            if (i > 0) {
                assertThat(leaf.inputRoots().get(0))
                        .isEqualTo(steps.get(i - 1).outputRoots().get(0));
            }
        }
    }

    @Test
    void everyStepCanBeVerifiedAlone() {
        byte[] sample = TestGraphs.bytes(TestGraphs.random(5), 64);
        List<StepLeaf> steps = engine.steps(model, sample);
        for (int i = 0; i < steps.size(); i++) {
            StepVerification verification = engine.verifyStep(model, sample, i);
            assertThat(verification.leaf()).isEqualTo(steps.get(i));
            assertThat(engine.recompute(model, i, verification.inputs()).leaf()).isEqualTo(steps.get(i));
        }
        assertThatThrownBy(() -> engine.verifyStep(model, sample, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void operandsThatTheProofDoesNotCoverAreRefused() {
        byte[] sample = TestGraphs.bytes(TestGraphs.random(5), 64);
        List<Tensor> operands =
                new ArrayList<>(engine.verifyStep(model, sample, 0).inputs());
        operands.set(1, Tensor.zeros(TensorType.INT8, operands.get(1).shape()));
        assertThatThrownBy(() -> engine.recompute(model, 0, operands)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.recompute(model, 0, operands.subList(0, 2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void severalInputsAndOutputsAreJoinedInGraphOrder() {
        Model two = TestGraphs.model(TestGraphs.branching());
        Tensor a = Tensor.ofVector(TensorType.INT16, -300, 0, 300);
        Tensor b = Tensor.ofVector(TensorType.INT32, 5, 100_000, 37);
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        sample.writeBytes(a.data());
        sample.writeBytes(b.data());
        byte[] output = engine.run(two, sample.toByteArray()).get(0).output();
        // (a − 0) + (b − 5)/32, half up, − 1
        int middle = Math.floorDiv(2 * 99_995 + 32, 64) - 1;
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(Tensor.ofVector(TensorType.INT16, -301, middle, 300).data());
        expected.writeBytes(Tensor.ofVector(TensorType.INT32, 1).data());
        assertThat(output).isEqualTo(expected.toByteArray());
    }

    @Test
    void inputOutOfRangeOrOfAWrongSizeIsACallersBug() {
        Model two = TestGraphs.model(TestGraphs.branching());
        byte[] sample = new byte[18];
        sample[0] = 0x7f;
        assertThatThrownBy(() -> engine.run(two, sample)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.run(two, new byte[17])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.run(two, new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void resultsAreRememberedWithinTheBound() {
        AtomicInteger steps = new AtomicInteger();
        Backend counting = counting(steps);
        InferenceEngine remembering = new InferenceEngine(counting, 2 * (10 + 320));
        byte[][] samples = new byte[3][];
        for (int i = 0; i < 3; i++) {
            samples[i] = TestGraphs.bytes(TestGraphs.random(i), 64);
            remembering.run(model, samples[i]);
        }
        assertThat(steps).hasValue(18);
        remembering.run(model, samples[2]);
        remembering.run(model, samples[1]);
        assertThat(steps).hasValue(18);
        remembering.run(model, samples[0]);
        assertThat(steps).hasValue(24);
    }

    @Test
    void aRunStopsBeforeTheStepAtWhichItIsCancelled() {
        AtomicInteger steps = new AtomicInteger();
        ModelProgram program = counting(steps).prepare(model);
        List<Tensor> inputs = InferenceEngine.inputs(model, new byte[64]);
        Cancellation afterTwo = () -> {
            if (steps.get() == 2) {
                throw new CancelledException("not wanted any more");
            }
        };
        assertThatThrownBy(() -> program.run(inputs, true, afterTwo)).isInstanceOf(CancelledException.class);
        assertThat(steps).hasValue(2);
        assertThat(program.run(inputs, false, Cancellation.NEVER).resultRoots()).isEmpty();
    }

    @Test
    void lackOfMemoryIsALocalFault() {
        Backend broken = new Backend() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public ModelProgram prepare(Model prepared) {
                return new StepProgram(prepared, (index, inputs) -> {
                    throw new OutOfMemoryError("of the test");
                });
            }
        };
        assertThatExceptionOfType(LocalFaultException.class)
                .isThrownBy(() -> new InferenceEngine(broken).run(model, new byte[64]));
    }

    @Test
    void manyThreadsGetTheSameBits() throws Exception {
        byte[] samples = TestGraphs.bytes(TestGraphs.random(6), 64 * 8);
        List<Inference> expected = engine.run(model, samples);
        InferenceEngine shared = new InferenceEngine(new ReferenceBackend(), 0);
        try (var pool = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Inference>>> tasks = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                tasks.add(() -> shared.run(model, samples));
            }
            for (Future<List<Inference>> future : pool.invokeAll(tasks)) {
                assertThat(future.get()).usingRecursiveComparison().isEqualTo(expected);
            }
        }
    }

    private static Backend counting(AtomicInteger steps) {
        ReferenceBackend reference = new ReferenceBackend();
        return new Backend() {
            @Override
            public String name() {
                return "counting";
            }

            @Override
            public ModelProgram prepare(Model prepared) {
                ModelProgram program = reference.prepare(prepared);
                return new StepProgram(prepared, (index, inputs) -> {
                    steps.incrementAndGet();
                    return program.step(index, inputs);
                });
            }
        };
    }
}
