package io.engram.client.bench;

import io.engram.genesis.config.InferenceConfig;
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
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Models that are each as slow as one term of the price of an inference allows: many tiny steps, products without reuse,
 * element-wise operators on long tensors, and so on.
 */
final class GasModels {

    private static final OutputRange INT8 = OutputRange.int8(0);
    private static final OutputRange INT16 = new OutputRange(TensorType.INT16, 0, -20_000, 20_000);
    private static final Rescale HALF = new Rescale(1 << 30, 31);
    private static final Window PADDED = Window.of(1, 1);
    private static final Window INSIDE = Window.of(1, 0);
    private static final Shape PIXEL = Shape.of(1, 1, 1, 1);
    private static final Shape NUMBER = Shape.of(1, 1);
    private static final Shape ROW = Shape.of(1, 64, 4_096);
    private static final Shape THIN = Shape.of(1, 65_536, 4);
    private static final Shape REPEATED = Shape.of(1, 65_536, 1);
    private static final int STEPS = 4_096;
    private static final int CHAIN = 8;

    private static final Body ADDITION =
            model -> model.then(new Add(new Add.Term(0, 1 << 20), new Add.Term(0, 1 << 19), 20, INT8), model.value());

    /** The models are to be slow, not to be acceptable. */
    static final InferenceConfig.Limits ANY = new InferenceConfig.Limits(
            1L << 30, 1L << 32, STEPS, 1L << 40, 1L << 40, 1L << 40, 1L << 40, 1L << 30, 1_024);

    private final List<Case> cases = new ArrayList<>();

    /**
     * A model that strains one term.
     *
     * @param term of the price
     */
    record Case(String term, String name, Model model) {}

    /** What a model does after its input. */
    @FunctionalInterface
    private interface Body extends Consumer<GasModelSketch> {

        /** A chain, so that input and output of the model weigh little. */
        default Body times(int count) {
            return model -> {
                for (int i = 0; i < count; i++) {
                    accept(model);
                }
            };
        }
    }

    static List<Case> all() {
        GasModels models = new GasModels();
        models.steps();
        models.products();
        models.depthwise();
        models.elements();
        models.wideElements();
        models.pools();
        models.bytes();
        return List.copyOf(models.cases);
    }

    /** Files whose loading takes long for their size. */
    static List<Case> files() {
        GasModels models = new GasModels();
        models.int8("file", "dense 4096→4096", Shape.of(1, 4_096), dense(4_096, 4_096));
        models.int8("file", "dense 1→1,600,000, argmax", NUMBER, model -> {
            dense(1_600_000, 1).accept(model);
            model.then(new ArgMax());
        });
        models.int8("file", "depthwise 1×1 of 1,600,000", PIXEL, model -> {
            int more = model.constant(TensorType.INT8, Shape.of(1, 1, 1, 1_600_000), -9, 9);
            model.then(new Multiply(0, 0, HALF, INT8), more);
            depthwise(Window.UNIT, Shape.of(1, 1, 1_600_000)).accept(model);
            model.then(new ArgMax());
        });
        models.int8(
                "file",
                "conv2d 3×3, 512→512",
                Shape.of(1, 7, 7, 512),
                convolution(PADDED, 1, Shape.of(512, 3, 3, 512)).times(6));
        models.int8(
                "file", "4,096 lookups", NUMBER, ((Body) model -> model.then(new Lookup(), table(model))).times(STEPS));
        models.int8("file", "4,096 additions", NUMBER, ADDITION.times(STEPS));
        return List.copyOf(models.cases);
    }

    private static Body dense(int outputs, int inputs) {
        return layer(new Dense(0, INT8), outputs, inputs);
    }

    /** A layer of one of the dense kinds. */
    private static Body layer(Operator kind, int outputs, int inputs) {
        return model -> model.then(kind, model.weights(Shape.of(outputs, inputs), outputs));
    }

    private static Body convolution(Window window, int groups, Shape kernel) {
        return model -> model.then(new Conv2d(window, groups, 0, INT8), model.weights(kernel, kernel.dimension(0)));
    }

    private static Body depthwise(Window window, Shape kernel) {
        return model -> model.then(new DepthwiseConv2d(window, 0, INT8), model.weights(kernel, kernel.last()));
    }

    private static int table(GasModelSketch model) {
        return model.constant(TensorType.INT8, Shape.of(256), -128, 127);
    }

    private static int exponentials(GasModelSketch model) {
        return model.constant(TensorType.INT32, Shape.of(256), 1, 1 << 24);
    }

    private void int8(String term, String name, Shape input, Body body) {
        add(term, name, TensorType.INT8, input, body);
    }

    private void int16(String term, String name, Shape input, Body body) {
        add(term, name, TensorType.INT16, input, body);
    }

    private void add(String term, String name, TensorType type, Shape input, Body body) {
        GasModelSketch model = new GasModelSketch(type, input);
        body.accept(model);
        cases.add(new Case(term, name, model.model()));
    }

    private void steps() {
        int8("step", "add 1", NUMBER, ADDITION.times(STEPS));
        int8("step", "dense 1×1", NUMBER, model -> {
            int[] weights = model.weights(Shape.of(1, 1), 1);
            ((Body) one -> one.then(new Dense(0, INT8), weights)).times(STEPS).accept(model);
        });
        int8("step", "conv2d 1×1", PIXEL, model -> {
            int[] kernel = model.weights(PIXEL, 1);
            ((Body) one -> one.then(new Conv2d(Window.UNIT, 1, 0, INT8), kernel))
                    .times(STEPS)
                    .accept(model);
        });
        int8("step", "softmax 1", NUMBER, model -> {
            int table = exponentials(model);
            ((Body) one -> one.then(new Softmax(256, INT8), table)).times(STEPS).accept(model);
        });
        // The most operands: their roots are all hashed into the step's leaf.
        List<Scaled> parts = Collections.nCopies(Concatenate.MAX_OPERANDS, new Scaled(0, HALF));
        Body joined = model -> {
            int[] more = new int[Concatenate.MAX_OPERANDS - 1];
            Arrays.fill(more, model.value());
            model.then(new Concatenate(1, parts, INT8), more).then(new Slice(1, 0, 1, 1));
        };
        int8("step", "concatenate 64 × 1, slice", NUMBER, joined.times(STEPS / 2));
    }

    private void products() {
        int8("mac", "dense 1×4096→4096", Shape.of(1, 4_096), dense(4_096, 4_096));
        int8("mac", "dense 4096×16→1", Shape.of(1, 4_096, 16), dense(1, 16));
        int8("mac", "dense 512×512→512", Shape.of(1, 512, 512), dense(512, 512));
        convolved("conv2d 3×3, 256×256×1→1", Shape.of(1, 256, 256, 1), PADDED, 1, Shape.of(1, 3, 3, 1));
        convolved("conv2d 3×3, 32×32×256→1", Shape.of(1, 32, 32, 256), PADDED, 1, Shape.of(1, 3, 3, 256));
        convolved("conv2d 3×3, 56×56×64→64", Shape.of(1, 56, 56, 64), PADDED, 1, Shape.of(64, 3, 3, 64));
        convolved("conv2d 1×1, 64×64×16→16 in 1", Shape.of(1, 64, 64, 16), Window.UNIT, 1, Shape.of(16, 1, 1, 16));
        convolved("conv2d 3×3, 32×32×256→16 in 16", Shape.of(1, 32, 32, 256), PADDED, 16, Shape.of(16, 3, 3, 16));
        convolved("conv2d 1024×1024 → 1", Shape.of(1, 1_024, 1_024, 1), Window.UNIT, 1, Shape.of(1, 1_024, 1_024, 1));
        squared("matmul 16384 × (1×16·16×1)", Shape.of(1, 16_384, 1, 16), true, 40);
        squared("matmul 256 × (1×1024·1024×1)", Shape.of(1, 256, 1, 1_024), true, 44);
        squared("matmul 512×512·512×512", Shape.of(1, 512, 512), false, 44);
        for (Operator kind : List.of(new DynamicDense(0, INT8), new WideDense(0, INT16))) {
            String name = kind.mnemonic();
            int16("mac", name + " 1×4096→4096", Shape.of(1, 4_096), layer(kind, 4_096, 4_096));
            int16("mac", name + " 64×512→512", Shape.of(1, 64, 512), layer(kind, 512, 512));
            int16("mac", name + " 4096×16→1", Shape.of(1, 4_096, 16), layer(kind, 1, 16));
        }
        // As attention has them, and one large one.
        wide("wide_matmul 12 × (32×32·32×32)", Shape.of(1, 12, 32, 32), true);
        wide("wide_matmul 256×256·256×256", Shape.of(1, 256, 256), false);
        wide("wide_matmul 4096 × (1×16·16×1)", Shape.of(1, 4_096, 1, 16), true);
    }

    private void convolved(String name, Shape input, Window window, int groups, Shape kernel) {
        int8("mac", name, input, convolution(window, groups, kernel));
    }

    /** A value multiplied by itself. */
    private void squared(String name, Shape input, boolean transposed, int shift) {
        MatMul product = new MatMul(transposed, 0, 0, new Rescale(1 << 30, shift), INT8);
        int8("mac", name, input, model -> model.then(product, model.value()));
    }

    private void wide(String name, Shape input, boolean transposed) {
        WideMatMul product = new WideMatMul(transposed, 0, 0, new Rescale(1 << 20, 50), INT16);
        int16("mac", name, input, model -> model.then(product, model.value()));
    }

    private void depthwise() {
        for (int channels : new int[] {1, 3, 64}) {
            int side = (int) Math.sqrt(262_144.0 / channels);
            int8(
                    "depthwise",
                    "depthwise 3×3, " + side + "×" + side + "×" + channels,
                    Shape.of(1, side, side, channels),
                    depthwise(PADDED, Shape.of(3, 3, channels)));
        }
        Shape image = Shape.of(1, 64, 64, 64);
        int8("depthwise", "depthwise 1×1, 64×64×64", image, depthwise(Window.UNIT, Shape.of(1, 1, 64)));
        int8(
                "depthwise",
                "depthwise 64×64, 64×64×16",
                Shape.of(1, 64, 64, 16),
                depthwise(Window.UNIT, Shape.of(64, 64, 16)));
        int8("depthwise", "conv2d 3×3, 64×64×64 in 64", image, convolution(PADDED, 64, Shape.of(64, 3, 3, 1)));
        int8(
                "depthwise",
                "conv2d 1×1, 64×64×120→8 in 8",
                Shape.of(1, 64, 64, 120),
                convolution(Window.UNIT, 8, Shape.of(8, 1, 1, 15)));
    }

    private void elements() {
        for (TensorType type : TensorType.values()) {
            elements(type);
        }
        Multiply multiply = new Multiply(1, 2, new Rescale(1 << 30, 37), INT8);
        chain("multiply int8", TensorType.INT8, ROW, model -> model.then(multiply, model.value()));
        chain(
                "multiply int8, one repeated",
                TensorType.INT8,
                THIN,
                model -> model.then(multiply, model.constant(TensorType.INT8, REPEATED, -9, 9)));
        chain("lookup", TensorType.INT8, ROW, model -> model.then(new Lookup(), table(model)));
        Body softmax = model -> model.then(new Softmax(256, INT8), exponentials(model));
        chain("softmax", TensorType.INT8, ROW, softmax);
        chain("softmax of 4", TensorType.INT8, THIN, softmax);
        int8("element", "mean over the first axis", ROW, model -> model.then(new Mean(1, false, 0, HALF, INT8)));
        int8("element", "mean over the last axis", THIN, model -> model.then(new Mean(2, false, 0, HALF, INT8)));
        GasModelSketch far = new GasModelSketch(
                new GraphInput(TensorType.INT32, Shape.of(1, 65_536), 0, (1 << 22) - 1, Scale.ONE, 0));
        int rows = far.constant(TensorType.INT8, Shape.of(1 << 22), -128, 127);
        cases.add(new Case(
                "element",
                "gather far apart",
                far.node(new Gather(0), rows, far.value()).model()));
    }

    private void elements(TensorType type) {
        OutputRange same = new OutputRange(type, 0, type.min(), type.max());
        Add add = new Add(new Add.Term(0, 1 << 20), new Add.Term(1, 1 << 20), 21, same);
        Concatenate twice = new Concatenate(2, List.of(new Scaled(0, HALF), new Scaled(0, HALF)), same);
        chain("add " + type, type, ROW, model -> model.then(add, model.value()));
        chain(
                "add " + type + ", one repeated",
                type,
                THIN,
                model -> model.then(add, model.constant(type, REPEATED, -9, 9)));
        chain("requantise " + type, type, ROW, model -> model.then(new Requantise(1, HALF, same)));
        chain("clamp " + type, type, ROW, model -> model.then(new Clamp(-100, 100)));
        chain("transpose " + type, type, ROW, model -> model.then(new Transpose(List.of(0, 2, 1))));
        element("concatenate " + type, type, THIN, model -> model.then(twice, model.value()));
        element("pad " + type, type, THIN, model -> model.then(new Pad(List.of(0, 1, 1), List.of(0, 1, 1), 0)));
        element("argmax " + type, type, ROW, model -> model.then(new ArgMax()));
        element("slice " + type, type, Shape.of(1, 131_072, 4), model -> model.then(new Slice(2, 1, 2, 2)));
        element("reshape " + type, type, ROW, model -> model.then(new Reshape(Shape.of(1, 262_144))));
    }

    private void element(String name, TensorType type, Shape input, Body body) {
        add("element", name, type, input, body);
    }

    private void chain(String name, TensorType type, Shape input, Body body) {
        add("element", name, type, input, body.times(CHAIN));
    }

    private void wideElements() {
        Body softmax = model -> model.then(
                new WideSoftmax(false, 256, INT16),
                model.constant(TensorType.INT16, Shape.of(256), 1, 1 << 14),
                model.constant(TensorType.INT16, Shape.of(256), 1, 1 << 14));
        chain("wide_softmax", TensorType.INT16, ROW, softmax);
        chain("wide_softmax of 4", TensorType.INT16, THIN, softmax);
        chain("normalise", TensorType.INT8, Shape.of(1, 512, 512), normalise(512));
        element("normalise of 1", TensorType.INT8, REPEATED, normalise(1));
        Interpolate curve = new Interpolate(new Rescale(1 << 20, 30), INT16);
        chain(
                "interpolate",
                TensorType.INT16,
                ROW,
                model -> model.then(curve, model.constant(TensorType.INT16, Shape.of(Interpolate.POINTS), -99, 99)));
    }

    private static Body normalise(int width) {
        return model -> model.then(
                new Normalise(true, 0, Normalise.Epsilon.ZERO, new Rescale(1 << 20, 50), INT8),
                model.constant(TensorType.INT16, Shape.of(width), -9, 9),
                model.constant(TensorType.INT32, Shape.of(width), -9, 9));
    }

    private void pools() {
        Shape image = Shape.of(1, 512, 512, 1);
        MaxPool largest = new MaxPool(1, 1, Window.UNIT, 0, HALF, INT8);
        AveragePool average = new AveragePool(1, 1, Window.UNIT, 0, HALF, INT8);
        chain("max_pool 1×1", TensorType.INT8, image, model -> model.then(largest));
        chain("average_pool 1×1", TensorType.INT8, image, model -> model.then(average));
        int8(
                "element",
                "max_pool 3×3",
                Shape.of(1, 256, 256, 1),
                model -> model.then(new MaxPool(3, 3, INSIDE, 0, HALF, INT8)));
        int8(
                "element",
                "average_pool 3×3",
                Shape.of(1, 128, 128, 16),
                model -> model.then(new AveragePool(3, 3, INSIDE, 0, HALF, INT8)));
    }

    private void bytes() {
        add("hashed", "reshape int32, 2 MiB", TensorType.INT32, Shape.of(1, 1 << 19), model -> {
            for (int i = 0; i < CHAIN; i++) {
                model.then(new Reshape(Shape.of(1, 1 << (i + 1), 1 << (18 - i))));
            }
        });
        int8("io", "slice of 2 MiB", Shape.of(1, 1 << 21), model -> model.then(new Slice(1, 0, 1, 1)));
        add("io", "argmax of 1 MiB int32", TensorType.INT32, Shape.of(1, 1 << 20), model -> model.then(new ArgMax()));
        int8("weight", "dense 1×8192→4096", Shape.of(1, 8_192), dense(4_096, 8_192));
        int8("weight", "dense 1×1→1,000,000, argmax", NUMBER, model -> {
            dense(1_000_000, 1).accept(model);
            model.then(new ArgMax());
        });
    }
}
