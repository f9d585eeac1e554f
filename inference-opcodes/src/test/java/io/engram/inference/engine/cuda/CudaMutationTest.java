package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.LocalFaultException;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors put into the shipped PTX are noticed: the tests of the kernels can fail. */
class CudaMutationTest {

    private static final int DP4A_DEVICE = 1;
    private static final int ROWS = 35;
    private static final int INNER = 37;
    private static final int COLUMNS = 33;

    @BeforeEach
    void open() {
        TestDevice.requireCuda();
        TestDevice.require();
        TestDevice.reset();
    }

    @AfterEach
    void leaveInOrder() {
        TestDevice.order(0);
        TestDevice.reset();
    }

    /** Whether a product of matrices and its commitment come out right with the PTX as changed. */
    private static boolean isRight(int device, UnaryOperator<String> change) {
        RandomGenerator random = TestGraphs.random(5);
        Model model = TestGraphs.model(TestGraphs.single(
                new Dense(3, OutputRange.int8(-1)),
                List.of(
                        TestGraphs.tensor(random, TensorType.INT8, Shape.of(1, ROWS, INNER), -128, 127),
                        TestGraphs.tensor(random, TensorType.INT8, Shape.of(COLUMNS, INNER), -128, 127),
                        TestGraphs.tensor(random, TensorType.INT32, Shape.of(COLUMNS), -1000, 1000),
                        TestGraphs.tensor(random, TensorType.INT32, Shape.of(COLUMNS), 1 << 30, Integer.MAX_VALUE),
                        TestGraphs.tensor(random, TensorType.INT8, Shape.of(COLUMNS), 39, 42)),
                false,
                true,
                true,
                true,
                true));
        byte[] input = TestGraphs.bytes(random, ROWS * INNER);
        CudaBackend backend = ChangedKernels.open(device, CudaOptions.DEFAULT, change);
        try {
            return new InferenceEngine(backend, 0)
                    .run(model, input)
                    .getFirst()
                    .stepsRoot()
                    .equals(new InferenceEngine(new ReferenceBackend(), 0)
                            .run(model, input)
                            .getFirst()
                            .stepsRoot());
        } catch (LocalFaultException _) {
            return false;
        }
    }

    /** Replaces the n-th occurrence within a kernel. */
    private static UnaryOperator<String> within(String kernel, String what, String by, int n) {
        return text -> {
            int at = text.indexOf(".entry " + kernel + "(");
            int end = text.indexOf(".entry ", at + 1);
            for (int i = 0; i <= n; i++) {
                at = text.indexOf(what, at + 1);
            }
            assertThat(at).as("%s of %s in %s", n, what, kernel).isPositive().isLessThan(end < 0 ? text.length() : end);
            return text.substring(0, at) + by + text.substring(at + what.length());
        };
    }

    @Test
    void whatIsShippedIsRightInEveryOrder() {
        for (int device = 0; device <= DP4A_DEVICE; device++) {
            for (long order = 0; order < 4; order++) {
                TestDevice.order(order);
                assertThat(isRight(device, text -> text)).isTrue();
            }
        }
    }

    @Test
    void everyMissingBarrierOfTheProductsIsNoticed() throws Exception {
        for (int device = 0; device <= DP4A_DEVICE; device++) {
            String text = new String(CudaDevice.ptx(device == DP4A_DEVICE ? "dp4a" : "mma"), StandardCharsets.US_ASCII);
            int start = text.indexOf(".entry gemm32(");
            String kernel = text.substring(start, text.indexOf(".entry ", start + 1));
            int barriers = kernel.split("bar\\.sync", -1).length - 1;
            assertThat(barriers).isGreaterThan(2);
            for (int barrier = 0; barrier < barriers; barrier++) {
                assertThat(isRight(device, within("gemm32", "bar.sync \t0;", "", barrier)))
                        .as("device %s, barrier %s of %s", device, barrier, barriers)
                        .isFalse();
                TestDevice.reset();
            }
        }
    }

    @Test
    void aChangedSignIsNoticed() {
        assertThat(isRight(DP4A_DEVICE, within("gemm32", "dp4a.s32.s32", "dp4a.s32.u32", 3)))
                .isFalse();
        assertThat(isRight(DP4A_DEVICE, within("gemm32", "shr.s64", "shr.u64", 0)))
                .isFalse();
    }
}
