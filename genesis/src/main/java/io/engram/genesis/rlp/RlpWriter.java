package io.engram.genesis.rlp;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.rlp.RLP;
import org.apache.tuweni.rlp.RLPWriter;
import org.apache.tuweni.units.bigints.UInt256;

/** Writes this project's value types in canonical RLP, over Tuweni's writer. Not thread-safe. */
public final class RlpWriter {

    private final RLPWriter out;

    private RlpWriter(RLPWriter out) {
        this.out = out;
    }

    /** The encoding of one list with the items that {@code items} writes. */
    public static Bytes list(Consumer<RlpWriter> items) {
        return flat(RLP.encodeList(out -> items.accept(new RlpWriter(out))));
    }

    /** The encodings of the items one after another. */
    public static Bytes items(Consumer<RlpWriter> items) {
        return flat(RLP.encode(out -> items.accept(new RlpWriter(out))));
    }

    /** Tuweni returns a chain of pieces, slow to read and wrong when sliced with empty pieces in it. */
    private static Bytes flat(Bytes encoded) {
        return Bytes.wrap(encoded.toArrayUnsafe());
    }

    public void bytes(Bytes value) {
        out.writeValue(value);
    }

    /** Writes an item that is encoded already. */
    public void raw(Bytes encoded) {
        out.writeRLP(encoded);
    }

    /** Writes an unsigned 64-bit scalar. */
    public void scalar(long value) {
        out.writeValue(Bytes.minimalBytes(value));
    }

    public void scalar(UInt256 value) {
        out.writeValue(value.toMinimalBytes());
    }

    public void scalar(Wei value) {
        scalar(value.value());
    }

    /** Writes 32 big-endian bytes as a number, without its leading zeros. */
    public void scalar(Hash value) {
        out.writeValue(value.toBytes().trimLeadingZeros());
    }

    public void hash(Hash value) {
        out.writeValue(value.toBytes());
    }

    public void address(Address value) {
        out.writeValue(value.toBytes());
    }

    /** Writes the empty string for no address. */
    public void address(Optional<Address> value) {
        out.writeValue(value.map(Address::toBytes).orElse(Bytes.EMPTY));
    }

    public void nested(Consumer<RlpWriter> items) {
        out.writeList(inner -> items.accept(new RlpWriter(inner)));
    }

    public <T> void nested(List<T> values, BiConsumer<RlpWriter, T> item) {
        nested(inner -> values.forEach(value -> item.accept(inner, value)));
    }
}
