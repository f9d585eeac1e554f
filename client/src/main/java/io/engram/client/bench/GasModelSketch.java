package io.engram.client.bench;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Operator;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.SplittableRandom;

/** A chain of steps with random constants; each step takes the value before it and further operands. */
final class GasModelSketch {

    /** Inputs stay in this range, so that no sum of an element-wise operator leaves 64 bits. */
    private static final int INPUT_BOUND = 20_000;

    private final SplittableRandom random = new SplittableRandom(3);
    private final GraphBuilder builder;
    private int value;

    GasModelSketch(TensorType type, Shape shape) {
        this(new GraphInput(
                type, shape, Math.max(type.min(), -INPUT_BOUND), Math.min(type.max(), INPUT_BOUND), Scale.ONE, 0));
    }

    GasModelSketch(GraphInput input) {
        this(Address.ZERO, input);
    }

    /** @param author whose models differ from those of others, if in nothing else */
    GasModelSketch(Address author, GraphInput input) {
        builder = new GraphBuilder(author, 1);
        value = builder.input(input);
    }

    /** The value that the next step takes. */
    int value() {
        return value;
    }

    GasModelSketch then(Operator operator, int... more) {
        int[] operands = new int[more.length + 1];
        operands[0] = value;
        System.arraycopy(more, 0, operands, 1, more.length);
        return node(operator, operands);
    }

    /** A step with all its operands given. */
    GasModelSketch node(Operator operator, int... operands) {
        value = builder.node(operator, operands);
        return this;
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

    /** The model up to the last step. */
    Model model() {
        builder.output(value, Scale.ONE, 0);
        try {
            return Model.of(builder.build(), GasModels.ANY);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("a model for measurements is refused: " + e.getMessage(), e);
        }
    }
}
