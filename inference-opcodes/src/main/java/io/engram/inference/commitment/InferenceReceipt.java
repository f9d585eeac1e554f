package io.engram.inference.commitment;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The trace of one inference of one sample (protocol B3, B4).
 *
 * @param transactionIndex position of the transaction in its block
 * @param sequence position of the inference in its transaction, reverted frames included
 * @param gas inference gas charged for this sample; the first of a batch carries the charges of the call as a whole
 * @param credit the author's royalty for this sample, wei
 */
public record InferenceReceipt(
        int transactionIndex,
        int sequence,
        Hash modelId,
        Hash inputRoot,
        Hash outputRoot,
        Hash stepsRoot,
        long gas,
        Address author,
        Wei credit) {

    /** Bytes of {@link #toBytes}. */
    public static final int SIZE = 4 + 4 + 4 * Hash.SIZE + 8 + Address.SIZE + 32;

    /** The fields in order, fixed width, big-endian: the data of the receipt's leaf. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(SIZE)
                .putInt(transactionIndex)
                .putInt(sequence)
                .put(modelId.toArray())
                .put(inputRoot.toArray())
                .put(outputRoot.toArray())
                .put(stepsRoot.toArray())
                .putLong(gas)
                .put(author.toArray())
                .put(credit.value().toArrayUnsafe())
                .array();
    }

    /** The inverse of {@link #toBytes}; empty for bytes that it never gives. */
    public static Optional<InferenceReceipt> ofBytes(byte[] bytes) {
        if (bytes.length != SIZE) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int transactionIndex = in.getInt();
        int sequence = in.getInt();
        int roots = in.position();
        int tail = roots + 4 * Hash.SIZE;
        long gas = in.getLong(tail);
        if (transactionIndex < 0 || sequence < 0 || gas < 0) {
            return Optional.empty();
        }
        return Optional.of(new InferenceReceipt(
                transactionIndex,
                sequence,
                Hash.read(bytes, roots),
                Hash.read(bytes, roots + Hash.SIZE),
                Hash.read(bytes, roots + 2 * Hash.SIZE),
                Hash.read(bytes, roots + 3 * Hash.SIZE),
                gas,
                Address.read(bytes, tail + 8),
                Wei.of(UInt256.fromBytes(Bytes.wrap(bytes, tail + 8 + Address.SIZE, 32)))));
    }
}
