package io.engram.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.inference.TestGraphs;
import io.engram.inference.engine.cuda.ChangedKernels;
import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
import io.engram.inference.engine.cuda.TestDevice;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The test that a GPU has to pass before it is used runs every kernel; its networks show one that goes past its end. */
class CudaSelfTestTest {

    private static final int DP4A_DEVICE = 1;
    private static final CudaOptions SHORT = CudaOptions.DEFAULT.withLanes(1).withTimeLimit(Duration.ofSeconds(10));

    /** Those whose first branch is another one; missing barriers are put into them elsewhere. */
    private static final Set<String> TILED = Set.of("gemm64", "gemm32", "wide", "hash_trees");

    private final Backend oracle = new ReferenceBackend();

    @BeforeEach
    void requireDevice() {
        TestDevice.requireCuda();
        TestDevice.require();
        TestDevice.reset();
    }

    @AfterEach
    void leaveInOrder() {
        TestDevice.reset();
    }

    private void test(CudaBackend backend) {
        backend.requireEach(device -> SelfTest.require(device, oracle, 1));
    }

    @Test
    void itUsesEveryKernel() throws Exception {
        for (int device = 0; device <= DP4A_DEVICE; device++) {
            Set<String> used = ConcurrentHashMap.newKeySet();
            test(ChangedKernels.watched(device, SHORT, used));
            assertThat(used).containsExactlyInAnyOrderElementsOf(ChangedKernels.names("dp4a"));
        }
    }

    /** Its networks, and operators on sizes that leave some threads of a block without work where those do not. */
    private static Stream<Model> models() {
        return Stream.concat(
                SelfTestNetworks.all().stream(),
                Stream.of(
                                TestGraphs.single(
                                        new MatMul(false, 1, 2, new Rescale(1 << 30, 40), OutputRange.int8(0)),
                                        List.of(zeros(1, 3, 6), zeros(1, 6, 5)),
                                        false,
                                        false),
                                TestGraphs.single(new ArgMax(), List.of(zeros(1, 5, 3)), false))
                        .map(TestGraphs::model));
    }

    private static Tensor zeros(int... shape) {
        return Tensor.zeros(TensorType.INT8, Shape.of(shape));
    }

    /** Whether all of them are right, each on memory that nothing has used, with the PTX as changed. */
    private static boolean isRight(int device, UnaryOperator<String> change) {
        return models().allMatch(model -> {
            TestDevice.reset();
            return ChangedKernels.isRight(model, device, SHORT, change);
        });
    }

    @Test
    void nothingIsWrittenBehindAResult() {
        assertThat(isRight(0, text -> text)).isTrue();
        assertThat(isRight(DP4A_DEVICE, text -> text)).isTrue();
    }

    @Test
    void everyMissingBoundIsNoticed() throws Exception {
        List<String> unnoticed = new ArrayList<>();
        for (String kernel : ChangedKernels.names("dp4a")) {
            if (!TILED.contains(kernel) && isRight(DP4A_DEVICE, text -> ChangedKernels.withoutGuard(text, kernel))) {
                unnoticed.add(kernel);
            }
        }
        assertThat(unnoticed).isEmpty();
    }
}
