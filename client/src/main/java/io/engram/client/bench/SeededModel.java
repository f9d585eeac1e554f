package io.engram.client.bench;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.SplittableRandom;

/**
 * A sound model of about any size, the same for the same seed: a dense layer of random weights and the place of its largest
 * output. Takes 1,024 int8 values of any kind.
 */
public final class SeededModel {

    private static final int INPUTS = 1_024;

    /** What an output adds to the file: weights, bias, multiplier and shift. */
    private static final int BYTES_PER_OUTPUT = INPUTS + 9;

    private static final int MULTIPLIER = 1 << 30;
    private static final byte SHIFT = 46;

    private SeededModel() {}

    /**
     * The bytes of its file.
     *
     * @param bytes about how many, from 2,048 on
     * @throws IllegalArgumentException when a file cannot have that many
     */
    public static byte[] ofBytes(int bytes, Address author, long seed) {
        int outputs = bytes / BYTES_PER_OUTPUT;
        if (outputs < 1) {
            throw new IllegalArgumentException("no model has " + bytes + " bytes");
        }
        SplittableRandom random = new SplittableRandom(seed);
        byte[] weights = new byte[outputs * INPUTS];
        random.nextBytes(weights);
        byte[] shifts = new byte[outputs];
        Tensor multipliers = Tensor.zeros(TensorType.INT32, Shape.of(outputs));
        for (int i = 0; i < outputs; i++) {
            multipliers.set(i, MULTIPLIER);
            shifts[i] = SHIFT;
        }
        GraphBuilder builder = new GraphBuilder(author, 1);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, INPUTS), -128, 127, Scale.ONE, 0));
        int dense = builder.node(
                new Dense(0, OutputRange.int8(0)),
                input,
                builder.constant(Tensor.wrap(TensorType.INT8, Shape.of(outputs, INPUTS), weights)),
                builder.constant(Tensor.zeros(TensorType.INT32, Shape.of(outputs))),
                builder.constant(multipliers),
                builder.constant(Tensor.wrap(TensorType.INT8, Shape.of(outputs), shifts)));
        builder.output(builder.node(new ArgMax(), dense), Scale.ONE, 0);
        try {
            return ModelWriter.write(builder.build());
        } catch (MalformedModelException e) {
            throw new IllegalArgumentException("no model has " + bytes + " bytes", e);
        }
    }
}
