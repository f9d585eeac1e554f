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
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Lookup;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small networks of every operator, among them those that a back end is likely to compute in its own way. */
final class SelfTestNetworks {

    private static final int SIDE = 9;
    private static final int CHANNELS = 72;
    private static final Address NOBODY = Address.fromHex("0x0000000000000000000000000000000000000000");
    private static final int SHIFT = 39;
    private static final int ROWS = 6;
    private static final int WIDTH = 8;
    private static final int LEVELS = 256;
    private static final OutputRange INT16 = new OutputRange(TensorType.INT16, 3, -32_767, 32_767);

    private SelfTestNetworks() {}

    static List<Model> all() {
        return List.of(image(), sequence());
    }

    /** On pictures. */
    static Model image() {
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
                CHANNELS,
                SHIFT);
        int skip = value;
        value = weighted(
                graph,
                random,
                new DepthwiseConv2d(Window.of(1, 1), -3, OutputRange.int8(5)),
                value,
                Shape.of(3, 3, CHANNELS),
                CHANNELS,
                SHIFT);
        value = graph.node(
                new Add(new Add.Term(5, 1 << 20), new Add.Term(-3, 3 << 18), 20, OutputRange.int8(1)), value, skip);
        value = weighted(
                graph,
                random,
                new Conv2d(new Window(2, 2, 1, 2, 1, 2, 1, 2), 2, 1, OutputRange.int8(127)),
                value,
                Shape.of(40, 3, 3, CHANNELS / 2),
                40,
                SHIFT);
        // 25 terms of 40 channels and 1,000 in all: more than one block of exact sums when the weights are extreme.
        value = weighted(
                graph,
                random,
                new Conv2d(Window.of(1, 2), 1, 127, OutputRange.int8(0)),
                value,
                Shape.of(20, 5, 5, 40),
                20,
                SHIFT);
        value = graph.node(new MaxPool(2, 2, Window.of(2, 0), 0, Rescale.IDENTITY, OutputRange.int8(0)), value);
        int rows = graph.node(new Reshape(Shape.of(1, 4, 20)), value);
        int square = graph.node(new MatMul(true, -128, 127, new Rescale(1 << 30, 42), OutputRange.int8(0)), rows, rows);
        graph.output(square, Scale.ONE, 0);
        int product = graph.node(new MatMul(false, 3, -5, new Rescale(1 << 30, 40), OutputRange.int8(1)), square, rows);
        graph.output(product, Scale.ONE, 1);
        value = graph.node(new Reshape(Shape.of(1, 80)), value);
        value = weighted(graph, random, new Dense(0, OutputRange.int8(0)), value, Shape.of(10, 80), 10, SHIFT);
        graph.output(value, Scale.ONE, 0);
        return model(graph.build());
    }

    /** On rows of numbers, as transformers have them. */
    private static Model sequence() {
        SplittableRandom random = new SplittableRandom(3);
        GraphBuilder graph = new GraphBuilder(NOBODY, 1);
        int input =
                graph.input(new GraphInput(TensorType.INT16, Shape.of(1, ROWS, WIDTH), -32_767, 32_767, Scale.ONE, 0));
        int rows = graph.node(
                new Normalise(true, 7, new Normalise.Epsilon(3, 31), new Rescale(1 << 20, 36), INT16),
                input,
                graph.constant(numbers(random, TensorType.INT16, WIDTH)),
                graph.constant(numbers(random, TensorType.INT32, WIDTH)));
        int left = weighted(graph, random, new WideDense(3, INT16), rows, Shape.of(WIDTH, WIDTH), WIDTH, 40);
        int right = weighted(graph, random, new DynamicDense(0, INT16), rows, Shape.of(WIDTH, WIDTH), WIDTH, 47);
        right = graph.node(
                new Interpolate(new Rescale(1 << 30, 37), INT16),
                right,
                graph.constant(numbers(random, TensorType.INT16, Interpolate.POINTS)));
        int value = graph.node(new WideMatMul(true, 5, -3, new Rescale(1 << 30, 48), INT16), left, right);
        value = graph.node(
                new WideSoftmax(false, 32_767, INT16),
                value,
                graph.constant(falling(TensorType.INT16, 32_767, 1)),
                graph.constant(falling(TensorType.INT16, 32_767, 512)));
        value = graph.node(new WideMatMul(false, 0, 9, new Rescale(1 << 30, 45), INT16), value, right);
        value = graph.node(new Multiply(1, -1, new Rescale(1 << 30, 45), INT16), value, input);
        value = graph.node(new Requantise(0, new Rescale(1 << 30, 38), OutputRange.int8(1)), value);
        value = graph.node(new Lookup(), value, graph.constant(numbers(random, TensorType.INT8, LEVELS)));
        value = graph.node(
                new Softmax(LEVELS, OutputRange.int8(Byte.MIN_VALUE)),
                value,
                graph.constant(falling(TensorType.INT32, 1 << 24, 16)));
        value = graph.node(new Transpose(List.of(0, 2, 1)), value);
        value = graph.node(new Pad(List.of(0, 1, 0), List.of(0, 0, 2), -9), value);
        int slice = graph.node(new Slice(2, 1, 2, 3), value);
        Scaled half = new Scaled(-3, new Rescale(1, 1));
        value = graph.node(new Concatenate(2, List.of(half, half), OutputRange.int8(5)), value, slice);
        value = graph.node(new Gather(1), value, graph.constant(Tensor.ofVector(TensorType.INT32, WIDTH, 0, 3, 3)));
        value = graph.node(new Clamp(-100, 100), value);
        graph.output(graph.node(new ArgMax(), value), Scale.ONE, 0);
        int cells = graph.node(new Reshape(Shape.of(1, 4, ROWS + 5, 1)), value);
        cells = graph.node(
                new AveragePool(3, 2, Window.of(1, 1), 2, new Rescale(1 << 30, 29), OutputRange.int8(0)), cells);
        graph.output(cells, Scale.ONE, 0);
        value = graph.node(new Mean(1, false, 4, new Rescale(1 << 30, 29), OutputRange.int8(0)), value);
        graph.output(value, Scale.ONE, 0);
        return model(graph.build());
    }

    /** Of all sizes that the type has; of int32 the lower ones. */
    private static Tensor numbers(SplittableRandom random, TensorType type, int count) {
        int bound = type == TensorType.INT32 ? 1 << 28 : 1 << (Byte.SIZE * type.bytes() - 1);
        return Tensor.ofVector(type, random.ints(count, 1 - bound, bound).toArray());
    }

    /** A table of exponentials: from {@code first} down, halved after every {@code steps}. */
    private static Tensor falling(TensorType type, int first, int steps) {
        return Tensor.ofVector(
                type,
                IntStream.range(0, LEVELS)
                        .map(i -> first >> Math.min(i / steps, Integer.SIZE - 1))
                        .toArray());
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
            Operator operator,
            int value,
            Shape weights,
            int channels,
            int leastShift) {
        Tensor w = Tensor.zeros(TensorType.INT8, weights);
        for (int i = 0; i < weights.elements(); i++) {
            w.set(i, random.nextInt(4) == 0 ? Byte.MIN_VALUE : random.nextInt(-128, 128));
        }
        int[] bias = random.ints(channels, -50_000, 50_000).toArray();
        int[] multipliers = random.ints(channels, 1 << 30, Integer.MAX_VALUE).toArray();
        int[] shifts = random.ints(channels, leastShift, leastShift + 5).toArray();
        return graph.node(
                operator,
                value,
                graph.constant(w),
                graph.constant(Tensor.ofVector(TensorType.INT32, bias)),
                graph.constant(Tensor.ofVector(TensorType.INT32, multipliers)),
                graph.constant(Tensor.ofVector(TensorType.INT8, shifts)));
    }
}
