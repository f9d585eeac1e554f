package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Inferences overlap on a device and are spread over several; a driver that does not come back stops nobody. */
class CudaSharingTest {

    private static final InferenceEngine REFERENCE = new InferenceEngine(new ReferenceBackend(), 0);

    private final Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 8));

    @BeforeEach
    void requireCuda() {
        TestDevice.requireCuda();
        TestDevice.reset();
    }

    /** No run is done before so many others are on their way too: the time limit ends a wait in vain. */
    private static final class Meeting {
        private final int count;
        private final Set<Driver.Stream> streams = ConcurrentHashMap.newKeySet();

        Meeting(int count) {
            this.count = count;
        }

        Driver of(Driver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void download(MemorySegment segment, long from, Stream stream) {
                    super.download(segment, from, stream);
                    streams.add(stream);
                }

                @Override
                public boolean isDone(Stream stream) {
                    return (!streams.contains(stream) || streams.size() >= count) && super.isDone(stream);
                }
            };
        }
    }

    private static CudaDevice device(Meeting meeting, int ordinal, CudaOptions options) {
        return CudaDevice.open(meeting.of(JavaCppDriver.load()), ordinal, options);
    }

    private void runAtOnce(CudaBackend backend, int count) throws Exception {
        InferenceEngine engine = new InferenceEngine(backend, 0);
        List<Callable<Inference>> tasks = new ArrayList<>();
        List<Inference> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] input = TestGraphs.bytes(TestGraphs.random(i), model.facts().inputBytes());
            expected.add(REFERENCE.run(model, input).getFirst());
            tasks.add(() -> engine.run(model, input).getFirst());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Inference> results = new ArrayList<>();
            for (Future<Inference> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            assertThat(results).usingRecursiveComparison().isEqualTo(expected);
        }
        assertThat(backend.fault()).isEmpty();
    }

    @Test
    void runsOfOneDeviceOverlap() throws Exception {
        Meeting meeting = new Meeting(3);
        runAtOnce(CudaBackend.of(List.of(device(meeting, 0, CudaOptions.DEFAULT.withLanes(3)))), 3);
    }

    @Test
    void runsAreSpreadOverDevices() throws Exception {
        TestDevice.require();
        Meeting meeting = new Meeting(2);
        CudaOptions one = CudaOptions.DEFAULT.withLanes(1);
        runAtOnce(CudaBackend.of(List.of(device(meeting, 0, one), device(meeting, 1, one))), 2);
    }

    @Test
    void samplesOfACallOverlap() {
        Meeting meeting = new Meeting(4);
        CudaBackend backend = CudaBackend.of(List.of(device(meeting, 0, CudaOptions.DEFAULT)));
        assertThat(backend.runsAtOnce()).isEqualTo(4);
        byte[] samples =
                TestGraphs.bytes(TestGraphs.random(1), 4 * model.facts().inputBytes());
        assertThat(new InferenceEngine(backend, 0).run(model, samples))
                .usingRecursiveComparison()
                .isEqualTo(REFERENCE.run(model, samples));
        assertThat(backend.fault()).isEmpty();
    }

    @Test
    void aDriverThatDoesNotComeBackIsAFault() {
        CountDownLatch never = new CountDownLatch(1);
        Driver stuck = new ForwardingDriver(JavaCppDriver.load()) {
            @Override
            public void download(MemorySegment segment, long from, Stream stream) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        CudaOptions options = CudaOptions.DEFAULT.withTimeLimit(Duration.ofMillis(200));
        CudaBackend backend = CudaBackend.of(List.of(CudaDevice.open(stuck, 0, options)));
        InferenceEngine engine = new InferenceEngine(backend, 0);
        byte[] input = new byte[model.facts().inputBytes()];
        assertThatThrownBy(() -> engine.run(model, input))
                .isInstanceOf(LocalFaultException.class)
                .hasMessageContaining("does not answer");
        assertThat(backend.fault().orElseThrow()).contains("GPU 0", "does not answer");
        never.countDown();
    }
}
