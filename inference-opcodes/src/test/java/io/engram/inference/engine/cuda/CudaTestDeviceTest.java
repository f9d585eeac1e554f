package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The test device on small kernels of its own: what it computes, and what it refuses. */
class CudaTestDeviceTest {

    private static final int ELEMENTS = 64;

    /** out[i] = in[i ^ 1] through shared memory: a barrier between writing and reading. */
    private static final String SWAP = """
        .version 6.3
        .target sm_75
        .address_size 64
        .visible .entry swap(
            .param .u64 swap_param_0,
            .param .u64 swap_param_1
        )
        {
            .reg .pred %p<2>;
            .reg .b32 %r<8>;
            .reg .b64 %rd<8>;
            .shared .align 4 .b8 cells[256];
            ld.param.u64 %rd1, [swap_param_0];
            ld.param.u64 %rd2, [swap_param_1];
            mov.u32 %r1, %tid.x;
            mul.wide.u32 %rd3, %r1, 4;
            add.s64 %rd4, %rd1, %rd3;
            add.s64 %rd5, %rd2, %rd3;
            ld.global.u32 %r2, [%rd4];
            mov.u32 %r3, cells;
            mad.lo.s32 %r4, %r1, 4, %r3;
            st.shared.u32 [%r4], %r2;
            bar.sync 0;
            xor.b32 %r5, %r1, 1;
            mad.lo.s32 %r6, %r5, 4, %r3;
            ld.shared.u32 %r7, [%r6];
            st.global.u32 [%rd5], %r7;
            ret;
        }
        """;

    private Driver driver;

    @BeforeEach
    void open() {
        TestDevice.requireCuda();
        TestDevice.require();
        TestDevice.reset();
        driver = JavaCppDriver.load();
        driver.open(0);
    }

    @AfterEach
    void leaveInOrder() {
        TestDevice.order(0);
        TestDevice.reset();
    }

    private int[] run(String ptx, int threads, int inputs) {
        Driver.Function swap = driver.function(driver.load(ptx.getBytes(StandardCharsets.US_ASCII)), "swap");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(ValueLayout.JAVA_INT, ELEMENTS);
            for (int i = 0; i < inputs; i++) {
                host.setAtIndex(ValueLayout.JAVA_INT, i, 1000 + i);
            }
            long in = driver.allocate(ELEMENTS * 4L);
            long out = driver.allocate(ELEMENTS * 4L);
            MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, in, out);
            MemorySegment parameters =
                    arena.allocateFrom(ValueLayout.JAVA_LONG, values.address(), values.address() + Long.BYTES);
            Driver.Stream stream = driver.stream();
            driver.upload(in, host.asSlice(0, inputs * 4L), stream);
            driver.launch(swap, 1, threads, parameters, stream);
            driver.download(host, out, stream);
            while (!driver.isDone(stream)) {
                Thread.onSpinWait();
            }
            driver.free(in);
            driver.free(out);
            return host.toArray(ValueLayout.JAVA_INT);
        }
    }

    private int[] run(String ptx) {
        return run(ptx, ELEMENTS, ELEMENTS);
    }

    @Test
    void aKernelComputesTheSameInEveryOrder() {
        for (long order = 0; order < 5; order++) {
            TestDevice.order(order);
            int[] out = run(SWAP);
            for (int i = 0; i < ELEMENTS; i++) {
                assertThat(out[i]).isEqualTo(1000 + (i ^ 1));
            }
        }
    }

    @Test
    void aMissingBarrierIsSeenInEveryOrder() {
        String without = SWAP.replace("bar.sync 0;", "");
        for (long order = 0; order < 5; order++) {
            TestDevice.reset();
            TestDevice.order(order);
            assertThatThrownBy(() -> run(without)).isInstanceOf(CudaException.class);
            assertThat(TestDevice.message()).contains("swap", "shared memory");
        }
    }

    @Test
    void aBarrierThatNotAllReachIsSeen() {
        String some = SWAP.replace("bar.sync 0;", "setp.eq.u32 %p1, %r1, 7;\n@%p1 ret;\nbar.sync 0;");
        assertThatThrownBy(() -> run(some)).hasMessageContaining("LAUNCH_FAILED");
        assertThat(TestDevice.message()).contains("waits for threads that do not come");
    }

    @Test
    void anAccessOutsideOfMemoryIsSeen() {
        assertThatThrownBy(() -> run(SWAP, ELEMENTS + 1, ELEMENTS)).hasMessageContaining("ILLEGAL_ADDRESS");
        assertThat(TestDevice.message()).contains("thread 64", "block 0");
    }

    @Test
    void readingWhatNothingHasWrittenIsSeen() {
        assertThatThrownBy(() -> run(SWAP, ELEMENTS, ELEMENTS - 1)).hasMessageContaining("ILLEGAL_ADDRESS");
        assertThat(TestDevice.message()).contains("nothing has written", "thread 63");
    }

    @Test
    void aMisalignedAccessIsSeen() {
        assertThatThrownBy(() -> run(SWAP.replace("[%rd5]", "[%rd5+2]"))).hasMessageContaining("MISALIGNED");
    }

    @Test
    void floatingPointAndWhatIsUnknownIsRefused() {
        assertThatThrownBy(() -> run(SWAP.replace("xor.b32", "add.f32"))).hasMessageContaining("INVALID_PTX");
        assertThat(TestDevice.message()).contains("add.f32");
        assertThatThrownBy(() -> run(SWAP.replace(".reg .pred %p<2>", ".reg .f32 %f<2>")))
                .hasMessageContaining("INVALID_PTX");
        assertThatThrownBy(() -> run(SWAP.replace("xor.b32", "brev.b32"))).hasMessageContaining("INVALID_PTX");
        assertThatThrownBy(() -> run(SWAP.replace(", %r1, 1;", ", %r9, 1;"))).hasMessageContaining("INVALID_PTX");
    }

    @Test
    void aNewerArchitectureOrVersionIsRefused() {
        assertThatThrownBy(() -> run(SWAP.replace("sm_75", "sm_100"))).hasMessageContaining("NO_BINARY_FOR_GPU");
        assertThatThrownBy(() -> run(SWAP.replace("6.3", "9.3"))).hasMessageContaining("UNSUPPORTED_PTX_VERSION");
    }

    @Test
    void whatIsTakenDownIsDoneEachTimeItIsGiven() {
        Driver.Function swap = driver.function(driver.load(SWAP.getBytes(StandardCharsets.US_ASCII)), "swap");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(ValueLayout.JAVA_INT, ELEMENTS);
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, ELEMENTS);
            long from = driver.allocate(ELEMENTS * 4L);
            long to = driver.allocate(ELEMENTS * 4L);
            MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, from, to);
            MemorySegment parameters =
                    arena.allocateFrom(ValueLayout.JAVA_LONG, values.address(), values.address() + Long.BYTES);
            Driver.Stream stream = driver.stream();
            long launches = TestDevice.count("launches");
            Driver.Graph graph = driver.record(stream, () -> {
                driver.upload(from, in, stream);
                driver.launch(swap, 1, ELEMENTS, parameters, stream);
                driver.download(out, to, stream);
            });
            // Parameters were read when the launch was taken down.
            values.fill((byte) 0);
            assertThat(driver.isDone(stream)).isTrue();
            assertThat(TestDevice.count("launches")).isEqualTo(launches);
            for (int round = 1; round <= 2; round++) {
                for (int i = 0; i < ELEMENTS; i++) {
                    in.setAtIndex(ValueLayout.JAVA_INT, i, round * 1000 + i);
                }
                driver.launch(graph, stream);
                while (!driver.isDone(stream)) {
                    Thread.onSpinWait();
                }
                assertThat(out.getAtIndex(ValueLayout.JAVA_INT, 1)).isEqualTo(round * 1000);
            }
            assertThat(TestDevice.count("launches")).isEqualTo(launches + 2);
            driver.free(graph);
            driver.free(from);
            driver.free(to);
        }
    }

    @Test
    void nothingElseMayBeCalledWhileAStreamIsCaptured() {
        Driver.Stream stream = driver.stream();
        assertThatThrownBy(() -> driver.record(stream, () -> driver.allocate(1)))
                .hasMessageContaining("CAPTURE_UNSUPPORTED");
        assertThatThrownBy(() -> driver.record(stream, () -> {
                    try {
                        boolean _ = driver.isDone(stream);
                    } catch (CudaException _) {
                        // The end of the capture says it again.
                    }
                }))
                .hasMessageContaining("CAPTURE_INVALIDATED");
        assertThat(driver.isDone(stream)).isTrue();
        assertThat(run(SWAP)[0]).isEqualTo(1001);
    }

    @Test
    void aBrokenDeviceStaysBroken() {
        TestDevice.fail("launch", 0);
        assertThatThrownBy(() -> run(SWAP)).hasMessageContaining("LAUNCH_FAILED");
        assertThatThrownBy(() -> driver.allocate(1)).hasMessageContaining("LAUNCH_FAILED");
        TestDevice.reset();
        assertThat(run(SWAP)[0]).isEqualTo(1001);
    }

    @Test
    void aThreadWithoutContextMayNotCall() throws Exception {
        Thread stranger =
                new Thread(() -> assertThatThrownBy(() -> driver.allocate(1)).hasMessageContaining("INVALID_CONTEXT"));
        Throwable[] failure = new Throwable[1];
        stranger.setUncaughtExceptionHandler((_, thrown) -> failure[0] = thrown);
        stranger.start();
        stranger.join();
        assertThat(failure[0]).isNull();
    }
}
