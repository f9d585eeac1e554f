package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Operator;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GuardedBackendTest {

    private final Backend reference = new ReferenceBackend();
    private final Model model = SelfTestNetworks.image();
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
    void theSelfTestRunsEveryOperator() {
        assertThat(SelfTestNetworks.all().stream()
                        .flatMap(network -> network.graph().nodes().stream())
                        .map(node -> node.operator().getClass())
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of(Operator.class.getPermittedSubclasses()));
    }

    @Test
    void theVectorBackEndPassesTheSelfTest() {
        SelfTest.require(new VectorBackend(2), reference);
    }

    @Test
    void oneWrongBitInOneStepFailsTheSelfTest() {
        for (int step = 0; step < model.facts().steps(); step++) {
            int wrong = step;
            Backend broken = new BitFlipBackend(reference, wrong, 0);
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
    void theSpeedOfABackEndIsMoreThanNothing() {
        assertThat(EngineSpeed.nanosPerGas(reference, InferenceConfig.Gas.DEFAULT))
                .isPositive();
    }

    @Test
    void aBackEndFoundWrongIsGivenUpAndWhatItComputedIsForgotten() {
        GuardedBackend guarded = GuardedBackend.trusting(new BitFlipBackend(reference, 2, 5), reference);
        InferenceEngine engine = new InferenceEngine(guarded);
        Hash right =
                new InferenceEngine(reference, 0).run(model, sample).getFirst().stepsRoot();
        assertThat(engine.run(model, sample).getFirst().stepsRoot()).isNotEqualTo(right);
        assertThat(guarded.fault()).isEmpty();
        engine.distrust("the roots differ");
        assertThat(guarded.fault().orElseThrow()).contains("faulty reference", "the roots differ");
        assertThat(guarded.name()).isEqualTo("reference");
        assertThat(engine.run(model, sample).getFirst().stepsRoot()).isEqualTo(right);
        engine.distrust("again");
        assertThat(guarded.fault().orElseThrow()).contains("the roots differ");
    }

    @Test
    void whatIsBeingComputedWhenTheBackEndIsFoundWrongIsComputedAgain() {
        List<InferenceEngine> engine = new ArrayList<>();
        Backend late = changed((index, tensor) -> {
            if (index == 3) {
                engine.getFirst().distrust("the roots differ");
                return new BitFlipBackend(reference, 3, 0).flipped(tensor);
            }
            return tensor;
        });
        engine.add(new InferenceEngine(GuardedBackend.trusting(late, reference)));
        Inference result = engine.getFirst().run(model, sample).getFirst();
        assertThat(result.stepsRoot())
                .isEqualTo(new InferenceEngine(reference, 0)
                        .run(model, sample)
                        .getFirst()
                        .stepsRoot());
    }

    @Test
    void aFlippedBitChangesThisOneStep() {
        List<StepLeaf> right = new InferenceEngine(reference, 0).steps(model, sample);
        for (int bit : new int[] {0, 7, 31, 1_000_000}) {
            List<StepLeaf> wrong = new InferenceEngine(new BitFlipBackend(reference, 4, bit), 0).steps(model, sample);
            assertThat(wrong.subList(0, 4)).isEqualTo(right.subList(0, 4));
            assertThat(wrong.get(4)).isNotEqualTo(right.get(4));
        }
    }

    @Test
    void aBackEndThatCannotBeMadeLeavesTheOracle() throws Exception {
        GuardedBackend guarded = GuardedBackend.inBackground(
                List.of(() -> {
                    throw new IllegalStateException("no vectors here");
                }),
                reference);
        guarded.awaitTested();
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
        while (!guarded.isFast()) {
            assertThat(engine.run(model, sample).getFirst().stepsRoot()).isEqualTo(expected.stepsRoot());
            Thread.sleep(10);
        }
        guarded.awaitTested();
        assertThat(guarded.isFast()).isTrue();
        assertThat(engine.run(model, sample).getFirst().stepsRoot()).isEqualTo(expected.stepsRoot());
    }
}
