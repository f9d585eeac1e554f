package io.engram.inference;

import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Models for tests. */
public final class TestGraphs {

    public static final Address AUTHOR = Address.fromHex("0x00112233445566778899aabbccddeeff00112233");

    private TestGraphs() {}

    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** A convolutional network on side×side×1 images: conv, pool, conv, pool, dense to 10 scores. */
    public static Graph convolutional(int side, int width, int maxBatch) {
        RandomGenerator random = random(7);
        GraphBuilder builder = new GraphBuilder(AUTHOR, maxBatch);
        int value = builder.input(new GraphInput(
                TensorType.INT8, Shape.of(1, side, side, 1), -128, 127, new Scale(1_077_952_576, -38), -128));
        value = convolution(builder, random, value, 1, width, -128);
        value = builder.node(new MaxPool(2, 2, Window.of(2, 0), -128, Rescale.IDENTITY, OutputRange.int8(-128)), value);
        value = convolution(builder, random, value, width, 2 * width, -128);
        value = builder.node(new MaxPool(2, 2, Window.of(2, 0), -128, Rescale.IDENTITY, OutputRange.int8(-128)), value);
        int flat = (side / 4) * (side / 4) * 2 * width;
        value = builder.node(new Reshape(Shape.of(1, flat)), value);
        value = builder.node(
                new Dense(-128, OutputRange.int8(3)),
                value,
                builder.constant(tensor(random, TensorType.INT8, Shape.of(10, flat), -127, 127)),
                builder.constant(tensor(random, TensorType.INT32, Shape.of(10), -5_000, 5_000)),
                builder.constant(tensor(random, TensorType.INT32, Shape.of(10), 1 << 30, Integer.MAX_VALUE)),
                builder.constant(tensor(random, TensorType.INT8, Shape.of(10), 44, 46)));
        builder.output(value, new Scale(1, -5), 3);
        return builder.build();
    }

    private static int convolution(
            GraphBuilder builder, RandomGenerator random, int value, int from, int to, int zeroPoint) {
        return builder.node(
                new Conv2d(Window.of(1, 1), 1, zeroPoint, OutputRange.int8(zeroPoint)),
                value,
                builder.constant(tensor(random, TensorType.INT8, Shape.of(to, 3, 3, from), -127, 127)),
                builder.constant(tensor(random, TensorType.INT32, Shape.of(to), -3_000, 3_000)),
                builder.constant(tensor(random, TensorType.INT32, Shape.of(to), 1 << 30, Integer.MAX_VALUE)),
                builder.constant(tensor(random, TensorType.INT8, Shape.of(to), 38, 41)));
    }

    /** Two inputs, a branch, two outputs of different types. */
    public static Graph branching() {
        GraphBuilder builder = new GraphBuilder(AUTHOR, 4);
        int a = builder.input(new GraphInput(TensorType.INT16, Shape.of(1, 3), -300, 300, Scale.ONE, 0));
        int b = builder.input(new GraphInput(TensorType.INT32, Shape.of(1, 3), 0, 100_000, Scale.ONE, 5));
        int sum = builder.node(
                new io.engram.inference.operator.Add(
                        new io.engram.inference.operator.Add.Term(0, 1 << 20),
                        new io.engram.inference.operator.Add.Term(5, 1 << 15),
                        20,
                        new OutputRange(TensorType.INT16, -1, -30_000, 30_000)),
                a,
                b);
        builder.output(sum, new Scale(3, -7), -1);
        builder.output(builder.node(new ArgMax(), sum), Scale.ONE, 0);
        return builder.build();
    }

    public static Tensor tensor(RandomGenerator random, TensorType type, Shape shape, int lo, int hi) {
        Tensor tensor = Tensor.zeros(type, shape);
        for (int i = 0; i < shape.elements(); i++) {
            tensor.set(i, (int) random.nextLong(lo, hi + 1L));
        }
        return tensor;
    }

    /** A graph of one operator over operands; those that are no constants become inputs with their type's range. */
    public static Graph single(Operator operator, List<Tensor> operands, boolean... constant) {
        GraphBuilder builder = new GraphBuilder(AUTHOR, 1);
        int[] handles = new int[operands.size()];
        for (int i = 0; i < handles.length; i++) {
            Tensor operand = operands.get(i);
            handles[i] = constant[i]
                    ? builder.constant(operand)
                    : builder.input(new GraphInput(
                            operand.type(),
                            operand.shape(),
                            operand.type().min(),
                            operand.type().max(),
                            Scale.ONE,
                            0));
        }
        builder.output(builder.node(operator, handles), Scale.ONE, 0);
        return builder.build();
    }

    public static Model model(Graph graph) {
        try {
            return Model.of(graph, InferenceConfig.Limits.DEFAULT);
        } catch (MalformedModelException e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] bytes(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
