package io.engram.inference.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.inference.AllBackends;
import io.engram.inference.Seeds;
import io.engram.inference.TestGraphs;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.cuda.TestDevice;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Graphs that branch and join at random: numbering, file, liveness, order of execution, all roots. */
class RandomGraphTest {

    private static final Shape SHAPE = Shape.of(1, 2, 3);

    private static final List<InferenceEngine> FAST = AllBackends.onOneThread();

    @Test
    void anyGraphGivesWhatTheSpecificationSays() {
        Seeds.each(150, RandomGraphTest::check);
    }

    @Test
    @Tag("long")
    void manyMoreGraphsDoToo() {
        // A device in software takes a hundred times as long as others.
        Seeds.each(TestDevice.isThere() ? 1_000 : 20_000, RandomGraphTest::check);
    }

    private static void check(RandomGenerator random) throws Exception {
        Graph graph = graph(random);
        Model model = TestGraphs.model(graph);
        assertThat(model.graph()).isEqualTo(graph);
        assertThat(ModelWriter.write(model.graph())).hasSize((int) model.facts().fileBytes());
        List<Tensor> inputs = new ArrayList<>();
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        for (GraphInput input : graph.inputs()) {
            Tensor tensor = TestGraphs.tensor(random, input.type(), input.shape(), input.lo(), input.hi());
            inputs.add(tensor);
            sample.writeBytes(tensor.data());
        }
        InferenceEngine engine = new InferenceEngine(new ReferenceBackend());
        Inference inference = engine.run(model, sample.toByteArray()).get(0);
        assertThat(inference).usingRecursiveComparison().isEqualTo(NaiveInference.of(model, graph, inputs));
        int step = random.nextInt(model.facts().steps());
        for (InferenceEngine fast : FAST) {
            assertThat(fast.run(model, sample.toByteArray()).get(0))
                    .as("by %s", fast.backend())
                    .usingRecursiveComparison()
                    .isEqualTo(inference);
            assertThat(fast.verifyStep(model, sample.toByteArray(), step).leaf())
                    .isEqualTo(engine.steps(model, sample.toByteArray()).get(step));
        }
        assertThat(engine.verifyStep(model, sample.toByteArray(), step).leaf())
                .isEqualTo(engine.steps(model, sample.toByteArray()).get(step));
    }

    /** Values of one shape, so that any may meet any; all inputs are used, some nodes are dead and left out by the builder. */
    private static Graph graph(RandomGenerator random) {
        GraphBuilder builder = new GraphBuilder(TestGraphs.AUTHOR, random.nextInt(1 << 16), 1);
        List<Integer> values = new ArrayList<>();
        int first = -1;
        int inputs = random.nextInt(1, 4);
        for (int i = 0; i < inputs; i++) {
            int lo = random.nextInt(-128, 128);
            int hi = random.nextInt(lo, 128);
            int input = builder.input(
                    new GraphInput(TensorType.INT8, SHAPE, lo, hi, new Scale(random.nextInt(1, 9), -3), lo));
            values.add(input);
            first = first < 0 ? input : builder.node(add(random), first, input);
        }
        values.add(builder.node(add(random), first, first));
        for (int i = 0, count = random.nextInt(25); i < count; i++) {
            int a = values.get(random.nextInt(values.size()));
            int b = values.get(random.nextInt(values.size()));
            values.add(
                    switch (random.nextInt(7)) {
                        case 0 -> builder.node(add(random), a, b);
                        case 1 ->
                            builder.node(
                                    new Multiply(
                                            random.nextInt(-128, 128),
                                            random.nextInt(-128, 128),
                                            new Rescale(random.nextInt() >>> 1, random.nextInt(30, 40)),
                                            OutputRange.int8(random.nextInt(-128, 128))),
                                    a,
                                    b);
                        case 2 -> builder.node(new Clamp(random.nextInt(-128, 0), random.nextInt(0, 128)), a);
                        case 3 ->
                            builder.node(
                                    new Lookup(),
                                    a,
                                    builder.constant(
                                            TestGraphs.tensor(random, TensorType.INT8, Shape.of(256), -128, 127)));
                        case 4 ->
                            builder.node(
                                    add(random),
                                    a,
                                    builder.constant(TestGraphs.tensor(random, TensorType.INT8, SHAPE, -128, 127)));
                        case 5 -> attention(builder, random, a, b);
                        default ->
                            builder.node(
                                    new Reshape(SHAPE),
                                    builder.node(
                                            new Reshape(Shape.of(1, 6)),
                                            builder.node(new Transpose(List.of(0, 2, 1)), a)));
                    });
        }
        int join = builder.node(add(random), first, values.getLast());
        builder.output(join, Scale.ONE, 0);
        if (random.nextBoolean()) {
            builder.output(builder.node(new ArgMax(), values.getLast()), Scale.ONE, 0);
        }
        return builder.build();
    }

    /** A small block of the operators for transformers: norm, dense, curve, scores with a mask, mean, slice, gather. */
    private static int attention(GraphBuilder builder, RandomGenerator random, int a, int b) {
        OutputRange wide = new OutputRange(TensorType.INT16, random.nextInt(-50, 50), -32_767, 32_767);
        int width = SHAPE.last();
        int norm = builder.node(
                new Normalise(
                        random.nextBoolean(),
                        random.nextInt(-128, 128),
                        new Normalise.Epsilon(random.nextInt(4), random.nextInt(20)),
                        new Rescale(random.nextInt(1 << 22), 40),
                        wide),
                a,
                constant(builder, random, TensorType.INT16, Shape.of(width), -32_767, 32_767),
                constant(builder, random, TensorType.INT32, Shape.of(width), -1 << 20, 1 << 20));
        int dense = builder.node(
                new DynamicDense(random.nextInt(8), wide),
                norm,
                constant(builder, random, TensorType.INT8, Shape.of(width, width), -128, 127),
                constant(builder, random, TensorType.INT32, Shape.of(width), -1 << 20, 1 << 20),
                constant(builder, random, TensorType.INT32, Shape.of(width), 0, 1 << 24),
                constant(builder, random, TensorType.INT8, Shape.of(width), 28, 36));
        int curve = builder.node(
                new Interpolate(new Rescale(1 << 30, 37), wide),
                dense,
                constant(builder, random, TensorType.INT16, Shape.of(Interpolate.POINTS), -32_767, 32_767));
        int table = constant(builder, random, TensorType.INT16, Shape.of(256), 1, 32_767);
        int scores = builder.node(new WideSoftmax(true, 255, OutputRange.int8(-128)), curve, table, table, b);
        int mean = builder.node(
                new Mean(1, true, random.nextInt(-128, 128), Rescale.IDENTITY, OutputRange.int8(0)), scores, b);
        int last = builder.node(new Slice(1, 1, 1, 1), scores);
        int both = builder.node(
                new Concatenate(
                        1,
                        List.of(new Scaled(0, Rescale.IDENTITY), new Scaled(3, Rescale.IDENTITY)),
                        OutputRange.int8(0)),
                mean,
                last);
        return builder.node(
                new Gather(1), both, constant(builder, random, TensorType.INT16, Shape.of(SHAPE.dimension(1)), 0, 1));
    }

    private static int constant(
            GraphBuilder builder, RandomGenerator random, TensorType type, Shape shape, int lo, int hi) {
        return builder.constant(TestGraphs.tensor(random, type, shape, lo, hi));
    }

    private static Add add(RandomGenerator random) {
        return new Add(
                new Add.Term(random.nextInt(-128, 128), random.nextInt(1 << 20)),
                new Add.Term(random.nextInt(-128, 128), random.nextInt(1 << 20)),
                random.nextInt(15, 22),
                OutputRange.int8(random.nextInt(-128, 128)));
    }
}
