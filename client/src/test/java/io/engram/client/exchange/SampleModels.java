package io.engram.client.exchange;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;

/** Files of one dense layer. */
final class SampleModels {

    /** Values of a sample. */
    static final int INPUTS = 64;

    /** After magic, version, royalty and author. */
    private static final int LENGTH_AT = 8 + 2 + 2 + Address.SIZE;

    private static final int SEAL_BYTES = 32;

    private SampleModels() {}

    /** Sound, with about {@code 64 · outputs} bytes. */
    static byte[] sound(Address author, int outputs, long seed) throws MalformedModelException {
        return file(author, outputs, seed, 0);
    }

    /** Well formed, with a sum that can leave int32. */
    static byte[] overflowing(Address author) throws MalformedModelException {
        return file(author, 4, 1, Integer.MAX_VALUE);
    }

    /** Whole and sealed, but its header says that it has one byte more. */
    static byte[] lyingAboutItsLength(Address author) throws MalformedModelException, NoSuchAlgorithmException {
        byte[] file = sound(author, 4, 8);
        ByteBuffer.wrap(file).putLong(LENGTH_AT, file.length + 1L);
        byte[] seal = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(file, file.length - SEAL_BYTES));
        System.arraycopy(seal, 0, file, file.length - SEAL_BYTES, SEAL_BYTES);
        return file;
    }

    private static byte[] file(Address author, int outputs, long seed, int firstBias) throws MalformedModelException {
        Random random = new Random(seed);
        GraphBuilder builder = new GraphBuilder(author, 4);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, INPUTS), -128, 127, new Scale(1, 0), 0));
        Tensor weights = Tensor.zeros(TensorType.INT8, Shape.of(outputs, INPUTS));
        Tensor bias = Tensor.zeros(TensorType.INT32, Shape.of(outputs));
        Tensor multipliers = Tensor.zeros(TensorType.INT32, Shape.of(outputs));
        Tensor shifts = Tensor.zeros(TensorType.INT8, Shape.of(outputs));
        for (int i = 0; i < outputs * INPUTS; i++) {
            weights.set(i, random.nextInt(255) - 127);
        }
        bias.set(0, firstBias);
        for (int i = 0; i < outputs; i++) {
            multipliers.set(i, 1 << 30);
            shifts.set(i, 40);
        }
        int output = builder.node(
                new Dense(0, OutputRange.int8(0)),
                input,
                builder.constant(weights),
                builder.constant(bias),
                builder.constant(multipliers),
                builder.constant(shifts));
        builder.output(output, new Scale(1, 0), 0);
        return ModelWriter.write(builder.build());
    }
}
