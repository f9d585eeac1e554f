package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
import io.engram.inference.engine.cuda.TestDevice;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that fails half-way costs time and nothing else. */
class CudaFailoverTest {

    private static final CudaOptions SHORT = CudaOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(2));

    private final Backend oracle = new ReferenceBackend();
    private final Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 1));
    private final byte[] input =
            TestGraphs.bytes(TestGraphs.random(3), model.facts().inputBytes());
    private final Inference expected =
            new InferenceEngine(oracle, 0).run(model, input).getFirst();

    @BeforeEach
    void require() {
        TestDevice.requireCuda();
        TestDevice.require();
        TestDevice.reset();
    }

    @AfterEach
    void leaveInOrder() {
        TestDevice.reset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"launch", "hang", "memory"})
    void theProcessorTakesOverFromOneDevice(String what) {
        GuardedBackend guarded = GuardedBackend.trusting(CudaBackend.open(SHORT, 0), oracle);
        InferenceEngine engine = new InferenceEngine(guarded, 0);
        // The first run allocates; the others launch.
        TestDevice.fail(what, what.equals("memory") ? 0 : 5);
        for (int i = 0; i < 3; i++) {
            assertThat(engine.run(model, input).getFirst())
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
        assertThat(guarded.isFast()).isFalse();
        assertThat(guarded.name()).isEqualTo("reference");
        assertThat(guarded.fault().orElseThrow()).contains("the cuda back end is not trusted any more");
    }

    @Test
    void anotherDeviceTakesOverFromTheFirst() {
        GuardedBackend guarded = GuardedBackend.trusting(CudaBackend.open(SHORT), oracle);
        InferenceEngine engine = new InferenceEngine(guarded, 0);
        TestDevice.fail("launch", 5);
        for (int i = 0; i < 3; i++) {
            assertThat(engine.run(model, input).getFirst())
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
        assertThat(guarded.isFast()).isTrue();
        assertThat(guarded.fault().orElseThrow())
                .contains("GPU 0", "is not used any more", "CUDA_ERROR_LAUNCH_FAILED")
                .doesNotContain("GPU 1");
    }

    @Test
    void withoutAProcessorBehindItAFaultIsALocalOne() {
        InferenceEngine engine = new InferenceEngine(CudaBackend.open(SHORT, 0), 0);
        TestDevice.fail("launch", 0);
        assertThatThrownBy(() -> engine.run(model, input)).isInstanceOf(LocalFaultException.class);
        TestDevice.reset();
        assertThatThrownBy(() -> engine.run(model, input))
                .as("the device is not trusted again")
                .isInstanceOf(LocalFaultException.class);
    }

    @Test
    void aDeviceThatComputesWronglyFailsTheSelfTest() {
        // Each of these makes the result of a step.
        for (int launch = 0; launch < 6; launch++) {
            CudaBackend cuda = CudaBackend.open(SHORT, 1);
            TestDevice.fail("wrong", launch);
            assertThatThrownBy(() -> SelfTest.require(cuda, oracle, 1))
                    .as("launch %s", launch)
                    .isInstanceOf(RuntimeException.class);
            TestDevice.reset();
        }
    }

    @Test
    void aDeviceThatFailsItsSelfTestIsLeftOut() {
        CudaBackend cuda = CudaBackend.open(SHORT);
        TestDevice.fail("wrong", 0);
        cuda.requireEach(device -> SelfTest.require(device, oracle, 1));
        assertThat(cuda.fault().orElseThrow()).contains("GPU 0", "self-test").doesNotContain("GPU 1");
        assertThat(new InferenceEngine(cuda, 0).run(model, input).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void whereNoDevicePassesThereIsNoBackEnd() {
        CudaBackend cuda = CudaBackend.open(SHORT, 0);
        TestDevice.fail("wrong", 0);
        assertThatThrownBy(() -> cuda.requireEach(device -> SelfTest.require(device, oracle, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GPU 0");
    }

    @Test
    void aCrossCheckFindsAWrongResultAndGivesTheRightOne() {
        GuardedBackend guarded = GuardedBackend.trusting(CudaBackend.open(SHORT, 0), oracle, 2);
        InferenceEngine engine = new InferenceEngine(guarded, 0);
        engine.run(model, input);
        TestDevice.fail("wrong", 0);
        assertThat(engine.run(model, input).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(expected);
        assertThat(guarded.isFast()).isFalse();
    }

    @Test
    void crossChecksThatAgreeChangeNothing() {
        GuardedBackend guarded = GuardedBackend.trusting(CudaBackend.open(SHORT, 1), oracle, 1);
        assertThat(new InferenceEngine(guarded, 0).run(model, input).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(expected);
        assertThat(guarded.isFast()).isTrue();
    }

    @Test
    void aDeviceThatWorksPassesIt() {
        SelfTest.require(CudaBackend.open(SHORT, 0), oracle, 1);
        SelfTest.require(CudaBackend.open(SHORT, 1), oracle, 1);
    }

    @Test
    void aDeclinedModelIsComputedByTheProcessorAndTheDeviceStaysTrusted() {
        Backend declining = new Backend() {
            @Override
            public String name() {
                return "declining";
            }

            @Override
            public ModelProgram prepare(Model model) {
                throw new UnsupportedModelException("too large");
            }
        };
        GuardedBackend guarded = GuardedBackend.trusting(declining, oracle);
        assertThat(new InferenceEngine(guarded, 0).run(model, input).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(expected);
        assertThat(guarded.isFast()).isTrue();
    }
}
