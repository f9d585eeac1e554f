package io.engram.inference.bench;

import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.AveragePool;
import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DepthwiseConv2d;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Operator;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A sketched network as an integer graph with random weights, the same each time. */
public final class GraphSketch implements NetworkSketch {

    private static final Address NOBODY = Address.fromHex("0x0000000000000000000000000000000000000000");

    /** Room for shapes that a chain's defaults do not allow. */
    private static final InferenceConfig.Limits LIMITS =
            new InferenceConfig.Limits(1L << 27, 1L << 29, 4_096, 1L << 32, 1L << 27, 1L << 27, 1L << 27, 1L << 22, 1);

    private final SplittableRandom random = new SplittableRandom(1);
    private final GraphBuilder builder = new GraphBuilder(NOBODY, 1);
    private final Map<Integer, Shape> shapes = new HashMap<>();
    private final Map<Integer, Integer> zeroPoints = new HashMap<>();

    /** The model of a network. */
    public static Model model(Networks network) {
        GraphSketch sketch = new GraphSketch();
        network.sketch(sketch);
        try {
            return Model.of(sketch.builder.build(), LIMITS);
        } catch (MalformedModelException e) {
            throw new IllegalStateException(network.title() + " is malformed", e);
        }
    }

    private int named(int value, Shape shape, int zeroPoint) {
        shapes.put(value, shape);
        zeroPoints.put(value, zeroPoint);
        return value;
    }

    private Shape shape(int value) {
        return shapes.getOrDefault(value, Shape.of(1));
    }

    private int zeroPoint(int value) {
        return zeroPoints.getOrDefault(value, 0);
    }

    private static int zeroPoint(boolean relu) {
        return relu ? -128 : 0;
    }

    private int input(Shape shape) {
        return named(builder.input(new GraphInput(TensorType.INT8, shape, -128, 127, Scale.ONE, 0)), shape, 0);
    }

    @Override
    public int input(int height, int width, int channels) {
        return input(Shape.of(1, height, width, channels));
    }

    @Override
    public int convolution(int value, int channels, int kernel, int stride, boolean relu) {
        Shape in = shape(value);
        Window window = Window.of(stride, kernel / 2);
        Shape result = Shape.of(
                1, window.outputHeight(in.dimension(1), kernel), window.outputWidth(in.dimension(2), kernel), channels);
        Operator operator = new Conv2d(window, 1, zeroPoint(value), OutputRange.int8(zeroPoint(relu)));
        return named(
                weighted(operator, value, Shape.of(channels, kernel, kernel, in.last()), channels),
                result,
                zeroPoint(relu));
    }

    @Override
    public int depthwise(int value, int stride) {
        Shape in = shape(value);
        Window window = Window.of(stride, 1);
        Shape result =
                Shape.of(1, window.outputHeight(in.dimension(1), 3), window.outputWidth(in.dimension(2), 3), in.last());
        Operator operator = new DepthwiseConv2d(window, zeroPoint(value), OutputRange.int8(-128));
        return named(weighted(operator, value, Shape.of(3, 3, in.last()), in.last()), result, -128);
    }

    @Override
    public int add(int a, int b, boolean relu) {
        Add operator = new Add(
                new Add.Term(zeroPoint(a), 1_500_000_000),
                new Add.Term(zeroPoint(b), 1_200_000_000),
                31,
                OutputRange.int8(zeroPoint(relu)));
        return named(builder.node(operator, a, b), shape(a), zeroPoint(relu));
    }

    @Override
    public int maxPool(int value, int kernel, int stride, int pad) {
        Shape in = shape(value);
        Window window = Window.of(stride, pad);
        int zero = zeroPoint(value);
        MaxPool pool = new MaxPool(kernel, kernel, window, zero, Rescale.IDENTITY, OutputRange.int8(zero));
        Shape result = Shape.of(
                1,
                window.outputHeight(in.dimension(1), kernel),
                window.outputWidth(in.dimension(2), kernel),
                in.last());
        return named(builder.node(pool, value), result, zero);
    }

    @Override
    public int globalPool(int value) {
        Shape in = shape(value);
        int zero = zeroPoint(value);
        AveragePool pool = new AveragePool(
                in.dimension(1), in.dimension(2), Window.UNIT, zero, Rescale.IDENTITY, OutputRange.int8(zero));
        return named(builder.node(pool, value), Shape.of(1, 1, 1, in.last()), zero);
    }

    @Override
    public int dense(int value, int units, boolean relu) {
        Shape flat = Shape.of(1, shape(value).elements());
        int reshaped = builder.node(new Reshape(flat), value);
        Operator operator = new Dense(zeroPoint(value), OutputRange.int8(zeroPoint(relu)));
        return named(
                weighted(operator, reshaped, Shape.of(units, flat.last()), units), Shape.of(1, units), zeroPoint(relu));
    }

    @Override
    public int product(int rows, int inner, int columns) {
        int in = input(Shape.of(1, rows, inner));
        Operator operator = new Dense(0, OutputRange.int8(0));
        return named(weighted(operator, in, Shape.of(columns, inner), columns), Shape.of(1, rows, columns), 0);
    }

    @Override
    public void output(int value) {
        builder.output(value, Scale.ONE, 0);
    }

    private int weighted(Operator operator, int value, Shape weights, int channels) {
        Tensor w = Tensor.zeros(TensorType.INT8, weights);
        for (int i = 0; i < weights.elements(); i++) {
            w.set(i, random.nextInt(-127, 128));
        }
        return builder.node(
                operator,
                value,
                builder.constant(w),
                builder.constant(ints(channels, -1_000, 1_000)),
                builder.constant(ints(channels, 1 << 30, Integer.MAX_VALUE)),
                builder.constant(Tensor.ofVector(
                        TensorType.INT8, random.ints(channels, 39, 42).toArray())));
    }

    private Tensor ints(int count, int from, int to) {
        return Tensor.ofVector(TensorType.INT32, random.ints(count, from, to).toArray());
    }
}
