package io.engram.genesis.rlp;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Writes this project's value types in canonical RLP into one growing array; a list's prefix is put in front of its items
 * when they are written, as only then its length is known.
 *
 * <p>This takes the place of Tuweni's writer, which makes an object of each item and a chain of pieces of each list; the
 * tests compare both. Not thread-safe.
 *
 * <p>Source: yellow paper, appendix B.
 */
public final class RlpWriter {

    private static final int INITIAL_CAPACITY = 256;
    private static final int SHORT_LIMIT = 56;
    private static final int STRING = 0x80;
    private static final int LIST = 0xc0;

    private byte[] buffer = new byte[INITIAL_CAPACITY];
    private int size;

    private RlpWriter() {}

    /** The encoding of one list with the items that {@code items} writes. */
    public static Bytes list(Consumer<RlpWriter> items) {
        return items(out -> out.nested(items));
    }

    /** A type byte and the encoding of one list (EIP-2718). */
    public static Bytes typedList(int type, Consumer<RlpWriter> items) {
        return items(out -> {
            out.reserve(1);
            out.buffer[out.size++] = (byte) type;
            out.nested(items);
        });
    }

    /** The encodings of the items one after another. */
    public static Bytes items(Consumer<RlpWriter> items) {
        RlpWriter out = new RlpWriter();
        items.accept(out);
        return Bytes.wrap(Arrays.copyOf(out.buffer, out.size));
    }

    public void bytes(Bytes value) {
        byte[] array = value.toArrayUnsafe();
        string(array, 0, array.length);
    }

    /** Writes an item that is encoded already. */
    public void raw(Bytes encoded) {
        byte[] array = encoded.toArrayUnsafe();
        reserve(array.length);
        System.arraycopy(array, 0, buffer, size, array.length);
        size += array.length;
    }

    /** Writes an unsigned 64-bit scalar. */
    public void scalar(long value) {
        reserve(1 + Long.BYTES);
        if (value >= 0 && value < STRING) {
            buffer[size++] = (byte) (value == 0 ? STRING : value);
            return;
        }
        int length = Long.BYTES - Long.numberOfLeadingZeros(value) / Byte.SIZE;
        buffer[size++] = (byte) (STRING + length);
        for (int shift = Byte.SIZE * (length - 1); shift >= 0; shift -= Byte.SIZE) {
            buffer[size++] = (byte) (value >>> shift);
        }
    }

    public void scalar(UInt256 value) {
        trimmed(value.toArrayUnsafe());
    }

    public void scalar(Wei value) {
        scalar(value.value());
    }

    /** Writes 32 big-endian bytes as a number, without its leading zeros. */
    public void scalar(Hash value) {
        trimmed(value.toArray());
    }

    private void trimmed(byte[] word) {
        int from = 0;
        while (from < word.length && word[from] == 0) {
            from++;
        }
        string(word, from, word.length - from);
    }

    public void hash(Hash value) {
        reserve(1 + Hash.SIZE);
        buffer[size] = (byte) (STRING + Hash.SIZE);
        value.write(buffer, size + 1);
        size += 1 + Hash.SIZE;
    }

    public void address(Address value) {
        reserve(1 + Address.SIZE);
        buffer[size] = (byte) (STRING + Address.SIZE);
        value.write(buffer, size + 1);
        size += 1 + Address.SIZE;
    }

    /** Writes the empty string for no address. */
    public void address(Optional<Address> value) {
        value.ifPresentOrElse(this::address, () -> scalar(0));
    }

    public void nested(Consumer<RlpWriter> items) {
        int start = size;
        items.accept(this);
        int length = size - start;
        int prefix = prefixSize(length);
        reserve(prefix);
        System.arraycopy(buffer, start, buffer, start + prefix, length);
        size = start;
        prefix(LIST, length);
        size += length;
    }

    public <T> void nested(List<T> values, BiConsumer<RlpWriter, T> item) {
        nested(inner -> values.forEach(value -> item.accept(inner, value)));
    }

    private void string(byte[] source, int from, int length) {
        reserve(prefixSize(length) + length);
        if (length != 1 || source[from] < 0) {
            prefix(STRING, length);
        }
        System.arraycopy(source, from, buffer, size, length);
        size += length;
    }

    private static int prefixSize(int length) {
        return length < SHORT_LIMIT ? 1 : 1 + bytesOf(length);
    }

    private static int bytesOf(int length) {
        return Integer.BYTES - Integer.numberOfLeadingZeros(length) / Byte.SIZE;
    }

    private void prefix(int base, int length) {
        if (length < SHORT_LIMIT) {
            buffer[size++] = (byte) (base + length);
            return;
        }
        int bytes = bytesOf(length);
        buffer[size++] = (byte) (base + SHORT_LIMIT - 1 + bytes);
        for (int shift = Byte.SIZE * (bytes - 1); shift >= 0; shift -= Byte.SIZE) {
            buffer[size++] = (byte) (length >>> shift);
        }
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8)));
        }
    }
}
