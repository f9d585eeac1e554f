package io.engram.inference.model;

import io.engram.genesis.Hash;
import io.engram.inference.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One input or output as callers see it.
 *
 * @param bytes of one sample
 * @param lo smallest value that is accepted, or given out
 * @param hi largest value that is accepted, or given out
 */
public record IoFacts(TensorType type, int bytes, Scale scale, int zeroPoint, int lo, int hi) {

    /** Whether the {@code bytes} bytes from {@code offset} on are values in range. */
    public boolean accepts(byte[] data, int offset) {
        ByteBuffer values = ByteBuffer.wrap(data, offset, bytes);
        while (values.hasRemaining()) {
            int value = switch (type) {
                case INT8 -> values.get();
                case INT16 -> values.getShort();
                case INT32 -> values.getInt();
            };
            if (value < lo || value > hi) {
                return false;
            }
        }
        return true;
    }

    Hash toWord(int kind) {
        return Hash.of(ByteBuffer.allocate(Hash.SIZE)
                .put((byte) kind)
                .put((byte) type.code())
                .putShort((short) 0)
                .putInt(bytes)
                .putInt(scale.mantissa())
                .putInt(scale.exponent())
                .putInt(zeroPoint)
                .putInt(lo)
                .putInt(hi)
                .putInt(0)
                .array());
    }

    static int kind(Hash word) {
        return (int) (word.w0() >>> 56);
    }

    static Optional<IoFacts> ofWord(Hash word) {
        ByteBuffer in = ByteBuffer.wrap(word.toArray()).position(1);
        Optional<TensorType> type = TensorType.ofCode(in.get());
        int zero = in.getShort();
        int bytes = in.getInt();
        int mantissa = in.getInt();
        int exponent = in.getInt();
        int zeroPoint = in.getInt();
        int lo = in.getInt();
        int hi = in.getInt();
        if (type.isEmpty() || zero != 0 || in.getInt() != 0 || mantissa < 1 || exponent != (byte) exponent) {
            return Optional.empty();
        }
        TensorType elements = type.get();
        boolean sound = bytes > 0
                && bytes % elements.bytes() == 0
                && lo <= hi
                && elements.holds(lo)
                && elements.holds(hi)
                && elements.holds(zeroPoint);
        return sound
                ? Optional.of(new IoFacts(elements, bytes, new Scale(mantissa, exponent), zeroPoint, lo, hi))
                : Optional.empty();
    }
}
