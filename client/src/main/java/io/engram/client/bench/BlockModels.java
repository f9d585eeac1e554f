package io.engram.client.bench;

import io.engram.genesis.Address;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.MaxPool;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Models that are as slow for their price as any, and as large as the default limits let them be. The input is one byte
 * and the output a few, so that call data costs nothing.
 */
final class BlockModels {

    private static final OutputRange INT8 = OutputRange.int8(0);
    private static final Rescale HALF = new Rescale(1 << 30, 31);

    /** Outputs of a layer whose file, ten bytes for each, just fits 30 MiB. */
    private static final int MOST_OUTPUTS = 3_140_000;

    private static final int WIDTH = 4_096;
    /** Outputs of a layer of this width whose file just fits. */
    private static final int MOST_ROWS = 7_600;

    /** Three times an image of this size is the most that element operations may be spent on. */
    private static final int HEIGHT = 2_000;

    private static final int LENGTH = 1_990;

    private static final int STEPS = 4_096;

    private BlockModels() {}

    private static GasModelSketch sketch(int author, Shape input) {
        return new GasModelSketch(
                Address.ofWord(0, 0, author + 1L), new GraphInput(TensorType.INT8, input, -128, 127, Scale.ONE, 0));
    }

    /** A file that is mostly bias, multipliers and shifts. */
    static Model wideLayer(int author) {
        return outputs(author).then(new ArgMax()).model();
    }

    private static GasModelSketch outputs(int author) {
        GasModelSketch model = sketch(author, Shape.of(1, 1));
        return model.then(new Dense(0, INT8), model.weights(Shape.of(MOST_OUTPUTS, 1), MOST_OUTPUTS));
    }

    /** A file that is mostly weights. */
    static Model squareLayer(int author) {
        GasModelSketch model = sketch(author, Shape.of(1, 1));
        model.then(new Dense(0, INT8), model.weights(Shape.of(WIDTH, 1), WIDTH));
        return model.then(new Dense(0, INT8), model.weights(Shape.of(MOST_ROWS, WIDTH), MOST_ROWS))
                .then(new ArgMax())
                .model();
    }

    /** The largest file, and an operation on tensors as long as its constants. */
    static Model wideLayerMultiplied(int author) {
        GasModelSketch model = outputs(author);
        return model.then(new Multiply(1, 2, new Rescale(1 << 30, 37), INT8), model.value())
                .then(new ArgMax())
                .model();
    }

    /** The largest tensors: an image out of one pixel, copied by pools. */
    static Model largestTensors(int author) {
        return sketch(author, Shape.of(1, 1, 1, 1))
                .then(new Pad(List.of(0, HEIGHT - 1, LENGTH - 1, 0), List.of(0, 0, 0, 0), 0))
                .then(new MaxPool(1, 1, Window.UNIT, 0, HALF, INT8))
                .then(new MaxPool(1, 1, Window.UNIT, 0, HALF, INT8))
                .then(new Slice(1, 0, 1, 1))
                .then(new Slice(2, 0, 1, 1))
                .model();
    }

    /** As many steps as there may be, with as many operands. */
    static Model mostSteps(int author) {
        List<Scaled> parts = Collections.nCopies(Concatenate.MAX_OPERANDS, new Scaled(0, HALF));
        GasModelSketch model = sketch(author, Shape.of(1, 1));
        for (int i = 0; i < STEPS / 2; i++) {
            int[] more = new int[Concatenate.MAX_OPERANDS - 1];
            Arrays.fill(more, model.value());
            model.then(new Concatenate(1, parts, INT8), more).then(new Slice(1, 0, 1, 1));
        }
        return model.model();
    }
}
