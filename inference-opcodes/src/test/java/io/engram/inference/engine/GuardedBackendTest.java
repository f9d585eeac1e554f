package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import io.engram.inference.model.Model;
import io.engram.inference.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class GuardedBackendTest {

    private final Backend reference = new ReferenceBackend();
    private final Model model = SelfTest.model();
    private final byte[] sample = new byte[model.facts().inputBytes()];

    /** The reference with something done to each result. */
    private Backend changed(BiFunction<Integer, Tensor, Tensor> change) {
        return new Backend() {
            @Override
            public String name() {
                return "changed";
            }

            @Override
            public ModelProgram prepare(Model model) {
                ModelProgram program = reference.prepare(model);
                return new StepProgram(model, (index, inputs) -> change.apply(index, program.step(index, inputs)));
            }
        };
    }

    @Test
    void theVectorBackEndPassesTheSelfTest() {
        SelfTest.require(new VectorBackend(2), reference);
    }

    @Test
    void oneWrongBitInOneStepFailsTheSelfTest() {
        for (int step = 0; step < model.facts().steps(); step++) {
            int wrong = step;
            Backend broken = changed((index, tensor) -> {
                if (index == wrong) {
                    byte[] data = tensor.data().clone();
                    data[data.length - 1] ^= 1;
                    return Tensor.wrap(tensor.type(), tensor.shape(), data);
                }
                return tensor;
            });
            assertThatThrownBy(() -> SelfTest.require(broken, reference)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aFailureOnTheWayIsComputedByTheOracleAndEndsTheTrust() {
        AtomicInteger calls = new AtomicInteger();
        Backend failing = changed((index, tensor) -> {
            calls.incrementAndGet();
            if (index == 3) {
                throw new LocalFaultException("broken", new IllegalStateException());
            }
            return tensor;
        });
        GuardedBackend guarded = GuardedBackend.trusting(failing, reference);
        assertThat(guarded.isFast()).isTrue();
        assertThat(new InferenceEngine(guarded, 0).run(model, sample))
                .usingRecursiveComparison()
                .isEqualTo(new InferenceEngine(reference, 0).run(model, sample));
        assertThat(guarded.isFast()).isFalse();
        assertThat(guarded.name()).isEqualTo("reference");
        assertThat(calls).hasValue(4);
    }

    @Test
    void aBackEndThatCannotBeMadeLeavesTheOracle() throws Exception {
        GuardedBackend guarded = GuardedBackend.inBackground(
                List.of(() -> {
                    throw new IllegalStateException("no vectors here");
                }),
                reference);
        Thread.sleep(50);
        assertThat(guarded.isFast()).isFalse();
        assertThat(new InferenceEngine(guarded, 0).run(model, sample)).hasSize(1);
    }

    @Test
    void aBackEndTakesOverInTheBackground() throws Exception {
        GuardedBackend guarded = GuardedBackend.inBackground(
                List.of(
                        () -> {
                            throw new IllegalStateException("no kernels here");
                        },
                        VectorBackend::new),
                reference);
        InferenceEngine engine = new InferenceEngine(guarded, 0);
        Inference expected =
                new InferenceEngine(reference, 0).run(model, sample).getFirst();
        for (int i = 0; i < 3_000 && !guarded.isFast(); i++) {
            assertThat(engine.run(model, sample).getFirst().stepsRoot()).isEqualTo(expected.stepsRoot());
            Thread.sleep(10);
        }
        assertThat(guarded.isFast()).isTrue();
        assertThat(engine.run(model, sample).getFirst().stepsRoot()).isEqualTo(expected.stepsRoot());
    }
}
