package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What an inference gave, with what its roots cover beside the values: enough to check it against a receipt without the model.
 *
 * @param data all outputs in graph order, canonical; not to be written to
 */
public record InferenceOutput(InferenceForm form, byte[] data) {

    /** Bytes of {@link #toBytes}. */
    public int encodedSize() {
        return form.encodedSize() + data.length;
    }

    /** The root over the outputs, as in a receipt; empty when data and form do not go together. */
    public Optional<Hash> root() {
        return form.outputRoot(data);
    }

    /**
     * u8 inputs, u8 outputs, of each of them u8 type, u8 rank and u32 each dimension, then the data. Integers are big-endian.
     */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(encodedSize());
        form.write(out);
        return out.put(data).array();
    }

    /** The inverse of {@link #toBytes}; empty for bytes that begin with no form. */
    public static Optional<InferenceOutput> ofBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return InferenceForm.read(in).map(form -> {
            byte[] data = new byte[in.remaining()];
            in.get(data);
            return new InferenceOutput(form, data);
        });
    }
}
