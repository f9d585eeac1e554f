package io.engram.client.bench;

import io.engram.genesis.Address;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
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
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Models that are each as slow as one term of the price of an inference allows: many tiny steps, products without reuse,
 * element-wise operators on long tensors, and so on.
 */
final class GasModels {

    private static final OutputRange INT8 = OutputRange.int8(0);
    private static final Rescale HALF = new Rescale(1 << 30, 31);
    private static final OutputRange INT16 = new OutputRange(TensorType.INT16, 0, -20_000, 20_000);
    private static final int STEPS = 4_096;
    private static final int CHAIN = 8;

    /** The models are to be slow, not to be acceptable. */
    static final InferenceConfig.Limits ANY = new InferenceConfig.Limits(
            1L << 30, 1L << 32, STEPS, 1L << 40, 1L << 40, 1L << 40, 1L << 40, 1L << 30, 1_024);

    private final SplittableRandom random = new SplittableRandom(3);
    private final List<Case> cases = new ArrayList<>();

    /**
     * A model that strains one term.
     *
     * @param term of the price
     */
    record Case(String term, String name, Model model) {}

    static List<Case> all() {
        GasModels models = new GasModels();
        models.steps();
        models.products();
        models.depthwise();
        models.elements();
        models.bytes();
        return List.copyOf(models.cases);
    }

    /** Files whose loading takes long for their size. */
    static List<Case> files() {
        GasModels models = new GasModels();
        models.one(
                "file",
                "dense 4096→4096",
                TensorType.INT8,
                Shape.of(1, 4_096),
                g -> g.then(new Dense(0, INT8), g.weights(Shape.of(4_096, 4_096), 4_096)));
        models.one("file", "dense 1→1,600,000, argmax", TensorType.INT8, Shape.of(1, 1), g -> {
            g.then(new Dense(0, INT8), g.weights(Shape.of(1_600_000, 1), 1_600_000));
            g.then(new ArgMax());
        });
        models.one("file", "depthwise 1×1 of 1,600,000", TensorType.INT8, Shape.of(1, 1, 1, 1), g -> {
            g.then(new Multiply(0, 0, HALF, INT8), g.constant(TensorType.INT8, Shape.of(1, 1, 1, 1_600_000), -9, 9));
            g.then(new DepthwiseConv2d(Window.UNIT, 0, INT8), g.weights(Shape.of(1, 1, 1_600_000), 1_600_000));
            g.then(new ArgMax());
        });
        models.one("file", "conv2d 3×3, 512→512", TensorType.INT8, Shape.of(1, 7, 7, 512), g -> {
            for (int i = 0; i < 6; i++) {
                g.then(new Conv2d(Window.of(1, 1), 1, 0, INT8), g.weights(Shape.of(512, 3, 3, 512), 512));
            }
        });
        Graph small = models.new Graph(TensorType.INT8, Shape.of(1, 1));
        for (int i = 0; i < STEPS; i++) {
            small.then(new Lookup(), small.constant(TensorType.INT8, Shape.of(256), -128, 127));
        }
        models.take("file", "4,096 lookups", small);
        models.take("file", "4,096 additions", tinyAdditions(models));
        return List.copyOf(models.cases);
    }

    private static Graph tinyAdditions(GasModels models) {
        Graph add = models.new Graph(TensorType.INT8, Shape.of(1, 1));
        for (int i = 0; i < STEPS; i++) {
            add.then(new Add(new Add.Term(0, 1 << 20), new Add.Term(0, 1 << 19), 20, INT8), add.value);
        }
        return add;
    }

    private void steps() {
        take("step", "add 1", tinyAdditions(this));
        Graph dense = new Graph(TensorType.INT8, Shape.of(1, 1));
        int[] weights = dense.weights(Shape.of(1, 1), 1);
        for (int i = 0; i < STEPS; i++) {
            dense.then(new Dense(0, INT8), weights);
        }
        take("step", "dense 1×1", dense);
        Graph convolution = new Graph(TensorType.INT8, Shape.of(1, 1, 1, 1));
        int[] kernel = convolution.weights(Shape.of(1, 1, 1, 1), 1);
        for (int i = 0; i < STEPS; i++) {
            convolution.then(new Conv2d(Window.UNIT, 1, 0, INT8), kernel);
        }
        take("step", "conv2d 1×1", convolution);
        Graph softmax = new Graph(TensorType.INT8, Shape.of(1, 1));
        int table = softmax.constant(TensorType.INT32, Shape.of(256), 1, 1 << 24);
        for (int i = 0; i < STEPS; i++) {
            softmax.then(new Softmax(256, INT8), table);
        }
        take("step", "softmax 1", softmax);
        // The most operands: their roots are all hashed into the step's leaf.
        Graph joined = new Graph(TensorType.INT8, Shape.of(1, 1));
        List<Scaled> parts = Collections.nCopies(Concatenate.MAX_OPERANDS, new Scaled(0, HALF));
        for (int i = 0; i < STEPS; i++) {
            if (i % 2 == 0) {
                int[] more = new int[Concatenate.MAX_OPERANDS - 1];
                Arrays.fill(more, joined.value);
                joined.then(new Concatenate(1, parts, INT8), more);
            } else {
                joined.then(new Slice(1, 0, 1, 1));
            }
        }
        take("step", "concatenate 64 × 1, slice", joined);
    }

    private void products() {
        one(
                "mac",
                "dense 1×4096→4096",
                TensorType.INT8,
                Shape.of(1, 4_096),
                g -> g.then(new Dense(0, INT8), g.weights(Shape.of(4_096, 4_096), 4_096)));
        one(
                "mac",
                "dense 4096×16→1",
                TensorType.INT8,
                Shape.of(1, 4_096, 16),
                g -> g.then(new Dense(0, INT8), g.weights(Shape.of(1, 16), 1)));
        one(
                "mac",
                "dense 512×512→512",
                TensorType.INT8,
                Shape.of(1, 512, 512),
                g -> g.then(new Dense(0, INT8), g.weights(Shape.of(512, 512), 512)));
        one(
                "mac",
                "conv2d 3×3, 256×256×1→1",
                TensorType.INT8,
                Shape.of(1, 256, 256, 1),
                g -> g.then(new Conv2d(Window.of(1, 1), 1, 0, INT8), g.weights(Shape.of(1, 3, 3, 1), 1)));
        one(
                "mac",
                "conv2d 3×3, 32×32×256→1",
                TensorType.INT8,
                Shape.of(1, 32, 32, 256),
                g -> g.then(new Conv2d(Window.of(1, 1), 1, 0, INT8), g.weights(Shape.of(1, 3, 3, 256), 1)));
        one(
                "mac",
                "conv2d 3×3, 56×56×64→64",
                TensorType.INT8,
                Shape.of(1, 56, 56, 64),
                g -> g.then(new Conv2d(Window.of(1, 1), 1, 0, INT8), g.weights(Shape.of(64, 3, 3, 64), 64)));
        one(
                "mac",
                "conv2d 1×1, 64×64×16→16 in 1",
                TensorType.INT8,
                Shape.of(1, 64, 64, 16),
                g -> g.then(new Conv2d(Window.UNIT, 1, 0, INT8), g.weights(Shape.of(16, 1, 1, 16), 16)));
        one(
                "mac",
                "conv2d 3×3, 32×32×256→16 in 16",
                TensorType.INT8,
                Shape.of(1, 32, 32, 256),
                g -> g.then(new Conv2d(Window.of(1, 1), 16, 0, INT8), g.weights(Shape.of(16, 3, 3, 16), 16)));
        one(
                "mac",
                "conv2d 1024×1024 → 1",
                TensorType.INT8,
                Shape.of(1, 1_024, 1_024, 1),
                g -> g.then(new Conv2d(Window.UNIT, 1, 0, INT8), g.weights(Shape.of(1, 1_024, 1_024, 1), 1)));
        one(
                "mac",
                "matmul 16384 × (1×16·16×1)",
                TensorType.INT8,
                Shape.of(1, 16_384, 1, 16),
                g -> g.then(new MatMul(true, 0, 0, new Rescale(1 << 30, 40), INT8), g.value));
        one(
                "mac",
                "matmul 256 × (1×1024·1024×1)",
                TensorType.INT8,
                Shape.of(1, 256, 1, 1_024),
                g -> g.then(new MatMul(true, 0, 0, new Rescale(1 << 30, 44), INT8), g.value));
        one(
                "mac",
                "matmul 512×512·512×512",
                TensorType.INT8,
                Shape.of(1, 512, 512),
                g -> g.then(new MatMul(false, 0, 0, new Rescale(1 << 30, 44), INT8), g.value));
        one(
                "mac",
                "dynamic_dense 1×4096→4096",
                TensorType.INT16,
                Shape.of(1, 4_096),
                g -> g.then(new DynamicDense(0, INT8), g.weights(Shape.of(4_096, 4_096), 4_096)));
        one(
                "mac",
                "dynamic_dense 64×512→512",
                TensorType.INT16,
                Shape.of(1, 64, 512),
                g -> g.then(new DynamicDense(0, INT8), g.weights(Shape.of(512, 512), 512)));
    }

    private void depthwise() {
        for (int channels : new int[] {1, 3, 64}) {
            int side = (int) Math.sqrt(262_144.0 / channels);
            one(
                    "depthwise",
                    "depthwise 3×3, " + side + "×" + side + "×" + channels,
                    TensorType.INT8,
                    Shape.of(1, side, side, channels),
                    g -> g.then(
                            new DepthwiseConv2d(Window.of(1, 1), 0, INT8),
                            g.weights(Shape.of(3, 3, channels), channels)));
        }
        one(
                "depthwise",
                "depthwise 1×1, 64×64×64",
                TensorType.INT8,
                Shape.of(1, 64, 64, 64),
                g -> g.then(new DepthwiseConv2d(Window.UNIT, 0, INT8), g.weights(Shape.of(1, 1, 64), 64)));
        one(
                "depthwise",
                "depthwise 64×64, 64×64×16",
                TensorType.INT8,
                Shape.of(1, 64, 64, 16),
                g -> g.then(new DepthwiseConv2d(Window.UNIT, 0, INT8), g.weights(Shape.of(64, 64, 16), 16)));
        one(
                "depthwise",
                "conv2d 3×3, 64×64×64 in 64",
                TensorType.INT8,
                Shape.of(1, 64, 64, 64),
                g -> g.then(new Conv2d(Window.of(1, 1), 64, 0, INT8), g.weights(Shape.of(64, 3, 3, 1), 64)));
        one(
                "depthwise",
                "conv2d 1×1, 64×64×120→8 in 8",
                TensorType.INT8,
                Shape.of(1, 64, 64, 120),
                g -> g.then(new Conv2d(Window.UNIT, 8, 0, INT8), g.weights(Shape.of(8, 1, 1, 15), 8)));
    }

    private void elements() {
        Shape row = Shape.of(1, 64, 4_096);
        Shape thin = Shape.of(1, 65_536, 4);
        for (TensorType type : TensorType.values()) {
            OutputRange same = new OutputRange(type, 0, type.min(), type.max());
            Add add = new Add(new Add.Term(0, 1 << 20), new Add.Term(1, 1 << 20), 21, same);
            one("element", "add " + type, type, row, repeated(g -> g.then(add, g.value)));
            one(
                    "element",
                    "add " + type + ", one repeated",
                    type,
                    thin,
                    repeated(g -> g.then(add, g.constant(type, Shape.of(1, 65_536, 1), -9, 9))));
            one("element", "requantise " + type, type, row, repeated(g -> g.then(new Requantise(1, HALF, same))));
            one("element", "clamp " + type, type, row, repeated(g -> g.then(new Clamp(-100, 100))));
            one(
                    "element",
                    "concatenate " + type,
                    type,
                    thin,
                    g -> g.then(new Concatenate(2, List.of(new Scaled(0, HALF), new Scaled(0, HALF)), same), g.value));
            one("element", "transpose " + type, type, row, repeated(g -> g.then(new Transpose(List.of(0, 2, 1)))));
            one("element", "pad " + type, type, thin, g -> g.then(new Pad(List.of(0, 1, 1), List.of(0, 1, 1), 0)));
            one("element", "argmax " + type, type, row, g -> g.then(new ArgMax()));
            one("element", "slice " + type, type, Shape.of(1, 131_072, 4), g -> g.then(new Slice(2, 1, 2, 2)));
            one("element", "reshape " + type, type, row, g -> g.then(new Reshape(Shape.of(1, 262_144))));
        }
        one(
                "element",
                "multiply int8",
                TensorType.INT8,
                row,
                repeated(g -> g.then(new Multiply(1, 2, new Rescale(1 << 30, 37), INT8), g.value)));
        one(
                "element",
                "multiply int8, one repeated",
                TensorType.INT8,
                thin,
                repeated(g -> g.then(
                        new Multiply(1, 2, new Rescale(1 << 30, 37), INT8),
                        g.constant(TensorType.INT8, Shape.of(1, 65_536, 1), -9, 9))));
        one(
                "element",
                "lookup",
                TensorType.INT8,
                row,
                repeated(g -> g.then(new Lookup(), g.constant(TensorType.INT8, Shape.of(256), -128, 127))));
        one(
                "element",
                "softmax",
                TensorType.INT8,
                row,
                repeated(g -> g.then(new Softmax(256, INT8), g.constant(TensorType.INT32, Shape.of(256), 1, 1 << 24))));
        one(
                "element",
                "softmax of 4",
                TensorType.INT8,
                thin,
                repeated(g -> g.then(new Softmax(256, INT8), g.constant(TensorType.INT32, Shape.of(256), 1, 1 << 24))));
        one(
                "element",
                "wide_softmax",
                TensorType.INT16,
                row,
                repeated(g -> g.then(
                        new WideSoftmax(false, 256, INT16),
                        g.constant(TensorType.INT16, Shape.of(256), 1, 1 << 14),
                        g.constant(TensorType.INT16, Shape.of(256), 1, 1 << 14))));
        one(
                "element",
                "wide_softmax of 4",
                TensorType.INT16,
                thin,
                repeated(g -> g.then(
                        new WideSoftmax(false, 256, INT16),
                        g.constant(TensorType.INT16, Shape.of(256), 1, 1 << 14),
                        g.constant(TensorType.INT16, Shape.of(256), 1, 1 << 14))));
        one(
                "element",
                "normalise",
                TensorType.INT8,
                Shape.of(1, 512, 512),
                repeated(g -> g.then(
                        new Normalise(true, 0, Normalise.Epsilon.ZERO, new Rescale(1 << 20, 50), INT8),
                        g.constant(TensorType.INT16, Shape.of(512), -9, 9),
                        g.constant(TensorType.INT32, Shape.of(512), -9, 9))));
        one(
                "element",
                "normalise of 1",
                TensorType.INT8,
                Shape.of(1, 65_536, 1),
                g -> g.then(
                        new Normalise(true, 0, Normalise.Epsilon.ZERO, new Rescale(1 << 20, 50), INT8),
                        g.constant(TensorType.INT16, Shape.of(1), -9, 9),
                        g.constant(TensorType.INT32, Shape.of(1), -9, 9)));
        one(
                "element",
                "interpolate",
                TensorType.INT16,
                row,
                repeated(g -> g.then(
                        new Interpolate(new Rescale(1 << 20, 30), INT16),
                        g.constant(TensorType.INT16, Shape.of(Interpolate.POINTS), -99, 99))));
        one(
                "element",
                "mean over the first axis",
                TensorType.INT8,
                row,
                g -> g.then(new Mean(1, false, 0, HALF, INT8)));
        one(
                "element",
                "mean over the last axis",
                TensorType.INT8,
                thin,
                g -> g.then(new Mean(2, false, 0, HALF, INT8)));
        one(
                "element",
                "max_pool 1×1",
                TensorType.INT8,
                Shape.of(1, 512, 512, 1),
                repeated(g -> g.then(new MaxPool(1, 1, Window.UNIT, 0, HALF, INT8))));
        one(
                "element",
                "max_pool 3×3",
                TensorType.INT8,
                Shape.of(1, 256, 256, 1),
                g -> g.then(new MaxPool(3, 3, Window.of(1, 0), 0, HALF, INT8)));
        one(
                "element",
                "average_pool 1×1",
                TensorType.INT8,
                Shape.of(1, 512, 512, 1),
                repeated(g -> g.then(new AveragePool(1, 1, Window.UNIT, 0, HALF, INT8))));
        one(
                "element",
                "average_pool 3×3",
                TensorType.INT8,
                Shape.of(1, 128, 128, 16),
                g -> g.then(new AveragePool(3, 3, Window.of(1, 0), 0, HALF, INT8)));
        Graph far = new Graph(new GraphInput(TensorType.INT32, Shape.of(1, 65_536), 0, (1 << 22) - 1, Scale.ONE, 0));
        int table = far.constant(TensorType.INT8, Shape.of(1 << 22), -128, 127);
        far.value = far.builder.node(new Gather(0), table, far.value);
        take("element", "gather far apart", far);
    }

    private void bytes() {
        one("hashed", "reshape int32, 2 MiB", TensorType.INT32, Shape.of(1, 1 << 19), g -> {
            for (int i = 0; i < 8; i++) {
                g.then(new Reshape(Shape.of(1, 1 << (i + 1), 1 << (18 - i))));
            }
        });
        one("io", "slice of 2 MiB", TensorType.INT8, Shape.of(1, 1 << 21), g -> g.then(new Slice(1, 0, 1, 1)));
        one("io", "argmax of 1 MiB int32", TensorType.INT32, Shape.of(1, 1 << 20), g -> g.then(new ArgMax()));
        one(
                "weight",
                "dense 1×8192→4096",
                TensorType.INT8,
                Shape.of(1, 8_192),
                g -> g.then(new Dense(0, INT8), g.weights(Shape.of(4_096, 8_192), 4_096)));
        one("weight", "dense 1×1→1,000,000, argmax", TensorType.INT8, Shape.of(1, 1), g -> {
            g.then(new Dense(0, INT8), g.weights(Shape.of(1_000_000, 1), 1_000_000));
            g.then(new ArgMax());
        });
    }

    /** A chain, so that input and output of the model weigh little. */
    private static Body repeated(Body body) {
        return graph -> {
            for (int i = 0; i < CHAIN; i++) {
                body.build(graph);
            }
        };
    }

    /** What a model does after its input. */
    private interface Body {
        void build(Graph graph);
    }

    private void one(String term, String name, TensorType type, Shape input, Body body) {
        Graph graph = new Graph(type, input);
        body.build(graph);
        take(term, name, graph);
    }

    private void take(String term, String name, Graph graph) {
        graph.builder.output(graph.value, Scale.ONE, 0);
        try {
            cases.add(new Case(term, name, Model.of(graph.builder.build(), ANY)));
        } catch (MalformedModelException e) {
            throw new IllegalStateException(name + " is refused: " + e.getMessage(), e);
        }
    }

    /** A chain of steps; each takes the value before it and further operands. */
    private final class Graph {

        private final GraphBuilder builder = new GraphBuilder(Address.ZERO, 1);
        private int value;

        Graph(TensorType type, Shape shape) {
            // A range below the type's, so that no sum of an element-wise operator leaves 64 bits.
            this(new GraphInput(
                    type, shape, Math.max(type.min(), -20_000), Math.min(type.max(), 20_000), Scale.ONE, 0));
        }

        Graph(GraphInput input) {
            value = builder.input(input);
        }

        void then(Operator operator, int... more) {
            int[] operands = new int[more.length + 1];
            operands[0] = value;
            System.arraycopy(more, 0, operands, 1, more.length);
            value = builder.node(operator, operands);
        }

        int constant(TensorType type, Shape shape, int lo, int hi) {
            Tensor tensor = Tensor.zeros(type, shape);
            for (int i = 0; i < shape.elements(); i++) {
                tensor.set(i, random.nextInt(lo, hi));
            }
            return builder.constant(tensor);
        }

        /** Weights, bias, multipliers and shifts of a layer. */
        int[] weights(Shape shape, int channels) {
            long perChannel = shape.elements() / channels;
            int most = (int) Math.min(127, Integer.MAX_VALUE / 2 / 255 / perChannel);
            return new int[] {
                constant(TensorType.INT8, shape, -most, most + 1),
                constant(TensorType.INT32, Shape.of(channels), -1_000, 1_000),
                constant(TensorType.INT32, Shape.of(channels), 1 << 20, 1 << 21),
                constant(TensorType.INT8, Shape.of(channels), 38, 42)
            };
        }
    }
}
