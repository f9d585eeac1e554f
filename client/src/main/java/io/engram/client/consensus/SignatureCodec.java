package io.engram.client.consensus;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** A signature as 65 bytes, r ‖ s ‖ v with v 0 or 1. */
public final class SignatureCodec {

    public static final int SIZE = 65;

    private SignatureCodec() {}

    public static Bytes encode(Signature signature) {
        byte[] bytes = new byte[SIZE];
        signature.r().write(bytes, 0);
        signature.s().write(bytes, Hash.SIZE);
        bytes[SIZE - 1] = (byte) signature.yParity();
        return Bytes.wrap(bytes);
    }

    /** Empty unless the bytes are of this form. */
    public static Optional<Signature> decode(Bytes bytes) {
        if (bytes.size() != SIZE || (bytes.get(SIZE - 1) & ~1) != 0) {
            return Optional.empty();
        }
        byte[] array = bytes.toArrayUnsafe();
        return Optional.of(new Signature(Hash.read(array, 0), Hash.read(array, Hash.SIZE), array[SIZE - 1]));
    }
}
