package io.engram.inference.engine;

import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.SplittableRandom;

/**
 * A network of every operator that a back end is likely to compute in its own way, run on two back ends, with extremes
 * among the values. It is repeated so that the code that a just-in-time compiler makes is tested as well.
 */
final class SelfTest {

    /** Enough for a just-in-time compiler to have done its work. */
    private static final int ROUNDS = 200;

    private static final int SIDE = 9;
    private static final int CHANNELS = 72;
    private static final Address NOBODY = Address.fromHex("0x0000000000000000000000000000000000000000");

    private SelfTest() {}

    /** @throws IllegalStateException when the candidate gives other bits than the oracle */
    static void require(Backend candidate, Backend oracle) {
        require(candidate, oracle, ROUNDS);
    }

    /** The same with other numbers of repetitions: one does for code that does not change. */
    static void require(Backend candidate, Backend oracle, int rounds) {
        Model model = model();
        InferenceEngine tested = new InferenceEngine(candidate, 0);
        SplittableRandom random = new SplittableRandom(1);
        byte[] sample = new byte[model.facts().inputBytes()];
        for (int edge = 0; edge < 3; edge++) {
            for (int i = 0; i < sample.length; i++) {
                sample[i] = (byte) (edge == 0 ? Byte.MIN_VALUE : edge == 1 ? Byte.MAX_VALUE : random.nextInt());
            }
            Inference expected =
                    new InferenceEngine(oracle, 0).run(model, sample).getFirst();
            for (int round = 0; round < rounds; round++) {
                Inference actual = tested.run(model, sample).getFirst();
                if (!actual.stepsRoot().equals(expected.stepsRoot())) {
                    throw new IllegalStateException("the " + candidate.name() + " back end failed its self-test");
                }
            }
        }
    }

    /** The test network. */
    static Model model() {
        SplittableRandom random = new SplittableRandom(2);
        GraphBuilder graph = new GraphBuilder(NOBODY, 1);
        int value = graph.input(new GraphInput(
                TensorType.INT8, Shape.of(1, SIDE, SIDE, 3), Byte.MIN_VALUE, Byte.MAX_VALUE, Scale.ONE, 0));
        value = weighted(
                graph,
                random,
                new Conv2d(Window.of(1, 1), 1, -128, OutputRange.int8(-3)),
                value,
                Shape.of(CHANNELS, 3, 3, 3),
                CHANNELS);
        int skip = value;
        value = weighted(
                graph,
                random,
                new DepthwiseConv2d(Window.of(1, 1), -3, OutputRange.int8(5)),
                value,
                Shape.of(3, 3, CHANNELS),
                CHANNELS);
        value = graph.node(
                new Add(new Add.Term(5, 1 << 20), new Add.Term(-3, 3 << 18), 20, OutputRange.int8(1)), value, skip);
        value = weighted(
                graph,
                random,
                new Conv2d(new Window(2, 2, 1, 2, 1, 2, 1, 2), 2, 1, OutputRange.int8(127)),
                value,
                Shape.of(40, 3, 3, CHANNELS / 2),
                40);
        // 25 terms of 40 channels and 1,000 in all: more than one block of exact sums when the weights are extreme.
        value = weighted(
                graph,
                random,
                new Conv2d(Window.of(1, 2), 1, 127, OutputRange.int8(0)),
                value,
                Shape.of(20, 5, 5, 40),
                20);
        value = graph.node(new MaxPool(2, 2, Window.of(2, 0), 0, Rescale.IDENTITY, OutputRange.int8(0)), value);
        int rows = graph.node(new Reshape(Shape.of(1, 4, 20)), value);
        int square = graph.node(new MatMul(true, -128, 127, new Rescale(1 << 30, 42), OutputRange.int8(0)), rows, rows);
        graph.output(square, Scale.ONE, 0);
        value = graph.node(new Reshape(Shape.of(1, 80)), value);
        value = weighted(graph, random, new Dense(0, OutputRange.int8(0)), value, Shape.of(10, 80), 10);
        graph.output(value, Scale.ONE, 0);
        return model(graph.build());
    }

    private static Model model(Graph graph) {
        try {
            return Model.of(graph, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the network of the self-test is malformed", e);
        }
    }

    private static int weighted(
            GraphBuilder graph,
            SplittableRandom random,
            io.engram.inference.operator.Operator operator,
            int value,
            Shape weights,
            int channels) {
        Tensor w = Tensor.zeros(TensorType.INT8, weights);
        for (int i = 0; i < weights.elements(); i++) {
            w.set(i, random.nextInt(4) == 0 ? Byte.MIN_VALUE : random.nextInt(-128, 128));
        }
        int[] bias = random.ints(channels, -50_000, 50_000).toArray();
        int[] multipliers = random.ints(channels, 1 << 30, Integer.MAX_VALUE).toArray();
        int[] shifts = random.ints(channels, 39, 44).toArray();
        return graph.node(
                operator,
                value,
                graph.constant(w),
                graph.constant(Tensor.ofVector(TensorType.INT32, bias)),
                graph.constant(Tensor.ofVector(TensorType.INT32, multipliers)),
                graph.constant(Tensor.ofVector(TensorType.INT8, shifts)));
    }
}
