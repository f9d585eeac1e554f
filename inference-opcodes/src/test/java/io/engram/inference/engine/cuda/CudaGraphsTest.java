package io.engram.inference.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs given by one call are the runs given call by call, whatever came between. */
class CudaGraphsTest {

    /** More than a lane keeps graphs of, with two forms each. */
    private static final int MANY = 20;

    private static final CudaOptions ONE_LANE = CudaOptions.DEFAULT.withLanes(1);

    @BeforeEach
    void requireCuda() {
        TestDevice.requireCuda();
        TestDevice.reset();
    }

    @AfterEach
    void leaveInOrder() {
        TestDevice.reset();
    }

    private static Model convolutional() {
        return TestGraphs.model(TestGraphs.convolutional(8, 2, 1));
    }

    private static Model dense(RandomGenerator random) {
        int inner = random.nextInt(1, 40);
        int units = random.nextInt(1, 20);
        return TestGraphs.model(TestGraphs.single(
                new Dense(random.nextInt(-128, 128), OutputRange.int8(0)),
                List.of(
                        Tensor.zeros(TensorType.INT8, Shape.of(1, inner)),
                        TestGraphs.tensor(random, TensorType.INT8, Shape.of(units, inner), -128, 127),
                        TestGraphs.tensor(random, TensorType.INT32, Shape.of(units), -1000, 1000),
                        TestGraphs.tensor(random, TensorType.INT32, Shape.of(units), 1 << 30, Integer.MAX_VALUE),
                        TestGraphs.tensor(random, TensorType.INT8, Shape.of(units), 36, 42)),
                false,
                true,
                true,
                true,
                true));
    }

    private record Prepared(Model model, ModelProgram program, ModelProgram reference) {
        Prepared(Model model, CudaBackend backend) {
            this(model, backend.prepare(model), new ReferenceBackend().prepare(model));
        }

        void check(RandomGenerator random, boolean commit) {
            Shape shape = model.graph().inputs().getFirst().shape();
            List<Tensor> input = List.of(TestGraphs.tensor(random, TensorType.INT8, shape, -128, 127));
            ModelRun run = program.run(input, commit, Cancellation.NEVER);
            assertThat(run).isEqualTo(reference.run(input, commit, Cancellation.NEVER));
        }
    }

    @Test
    void whatComesAgainIsOneCall() {
        TestDevice.require();
        for (int device = 0; device < CudaBackend.devices(); device++) {
            Prepared prepared = new Prepared(convolutional(), CudaBackend.open(ONE_LANE, device));
            long graphs = TestDevice.count("graphs");
            for (int run = 0; run < 6; run++) {
                prepared.check(TestGraphs.random(run), run % 3 != 0);
            }
            // All but the first with commitments and the first without.
            assertThat(TestDevice.count("graphs") - graphs).isEqualTo(4);
        }
    }

    @Test
    void modelsThatTakeTurnsKeepTheirBits() {
        Seeds.each(2, random -> {
            CudaBackend backend = CudaBackend.open(ONE_LANE, 0);
            List<Prepared> models = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                models.add(new Prepared(dense(random), backend));
            }
            for (int run = 0; run < 4 * MANY; run++) {
                models.get(random.nextInt(MANY)).check(random, random.nextBoolean());
            }
        });
    }

    @Test
    void withoutThemRunsAreTheSame() {
        TestDevice.require();
        long graphs = TestDevice.count("graphs");
        Prepared prepared = new Prepared(convolutional(), CudaBackend.open(ONE_LANE.withoutGraphs(), 0));
        for (int run = 0; run < 3; run++) {
            prepared.check(TestGraphs.random(run), true);
        }
        assertThat(TestDevice.count("graphs")).isEqualTo(graphs);
    }

    @Test
    void aDriverThatDoesNotKnowThemIsNotAskedForThem() {
        TestDevice.require();
        long graphs = TestDevice.count("graphs");
        Driver older = new ForwardingDriver(JavaCppDriver.load()) {
            @Override
            public int version() {
                return 11_030;
            }
        };
        Prepared prepared = new Prepared(convolutional(), CudaBackend.of(List.of(CudaDevice.open(older, 0, ONE_LANE))));
        for (int run = 0; run < 3; run++) {
            prepared.check(TestGraphs.random(run), true);
        }
        assertThat(TestDevice.count("graphs")).isEqualTo(graphs);
    }

    @Test
    void aDeviceThatRefusesThemIsUsedWithout() {
        TestDevice.require();
        CudaBackend backend = CudaBackend.open(ONE_LANE, 0);
        Prepared prepared = new Prepared(convolutional(), backend);
        long graphs = TestDevice.count("graphs");
        TestDevice.fail("graph", 0);
        for (int run = 0; run < 3; run++) {
            prepared.check(TestGraphs.random(run), true);
        }
        assertThat(TestDevice.count("graphs")).isEqualTo(graphs);
        assertThat(backend.fault()).isEmpty();
    }
}
