package io.engram.genesis.rlp;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A cursor over the items of one RLP list, or over a sequence of items. It accepts the canonical encoding only: shortest
 * length prefixes, no leading zeros in scalars, nothing left over where {@link #end} is called. Every error is an
 * {@link RlpException}. Byte strings are returned as slices of the input, which must not change afterwards.
 *
 * <p>This takes the place of Tuweni's reader, whose errors are several unchecked exceptions thrown through lambdas; the
 * tests compare both. Not thread-safe.
 */
public final class RlpReader {

    private final byte[] input;
    private final int end;
    private int position;

    /** Bounds of the payload of the item that {@link #header} read last. */
    private int payload;

    private int payloadEnd;
    private boolean list;

    private RlpReader(byte[] input, int from, int end) {
        this.input = input;
        this.position = from;
        this.end = end;
    }

    /** Reads the items that {@code bytes} consists of. */
    public static RlpReader of(Bytes bytes) {
        byte[] array = bytes.toArrayUnsafe();
        return new RlpReader(array, 0, array.length);
    }

    /** Reads what is inside the one list that {@code bytes} consists of. */
    public static RlpReader ofList(Bytes bytes) throws RlpException {
        return ofListAfter(bytes, 0);
    }

    /** As {@link #ofList}, where the list follows {@code prefix} other bytes, as after a type byte (EIP-2718). */
    public static RlpReader ofListAfter(Bytes bytes, int prefix) throws RlpException {
        byte[] array = bytes.toArrayUnsafe();
        RlpReader outer = new RlpReader(array, prefix, array.length);
        RlpReader inner = outer.readList();
        outer.end();
        return inner;
    }

    public boolean hasNext() {
        return position < end;
    }

    /** Whether there is a next item and it is a list. Its prefix is not checked yet. */
    public boolean nextIsList() {
        return position < end && (input[position] & 0xff) >= 0xc0;
    }

    /** How many items are left; each one's prefix is checked. */
    public int countRemaining() throws RlpException {
        int start = position;
        int count = 0;
        while (hasNext()) {
            skip();
            count++;
        }
        position = start;
        return count;
    }

    /** @throws RlpException when items are left */
    public void end() throws RlpException {
        if (position != end) {
            throw new RlpException((end - position) + " bytes too many");
        }
    }

    public RlpReader readList() throws RlpException {
        header();
        if (!list) {
            throw new RlpException("a list expected, a string found");
        }
        position = payloadEnd;
        return new RlpReader(input, payload, payloadEnd);
    }

    /** Reads a list whose items are all read by {@code element}. */
    public <T> List<T> readList(Element<T> element) throws RlpException {
        return readList(Integer.MAX_VALUE, element);
    }

    /** Reads a list of at most {@code max} items; one more is an error before it is read. */
    public <T> List<T> readList(int max, Element<T> element) throws RlpException {
        RlpReader items = readList();
        List<T> values = new ArrayList<>();
        while (items.hasNext()) {
            if (values.size() == max) {
                throw new RlpException("more than " + max + " items");
            }
            values.add(element.read(items));
        }
        return Collections.unmodifiableList(values);
    }

    /** Reads one item. */
    @FunctionalInterface
    public interface Element<T> {
        T read(RlpReader reader) throws RlpException;
    }

    public Bytes readBytes() throws RlpException {
        int size = string();
        return slice(payloadEnd - size, size);
    }

    public Bytes readBytes(int size) throws RlpException {
        exact(size);
        return slice(payload, size);
    }

    /** The next item with its prefix; what is inside a list is not checked. */
    public Bytes readRaw() throws RlpException {
        int start = position;
        header();
        position = payloadEnd;
        return slice(start, payloadEnd - start);
    }

    public void skip() throws RlpException {
        header();
        position = payloadEnd;
    }

    public Hash readHash() throws RlpException {
        exact(Hash.SIZE);
        return Hash.read(input, payload);
    }

    public Address readAddress() throws RlpException {
        exact(Address.SIZE);
        return Address.read(input, payload);
    }

    /** An address, or the empty string for none. */
    public Optional<Address> readOptionalAddress() throws RlpException {
        if (hasNext() && (input[position] & 0xff) == 0x80) {
            position++;
            return Optional.empty();
        }
        return Optional.of(readAddress());
    }

    /** A scalar below 2^64, returned as an unsigned long. */
    public long readUnsignedLong() throws RlpException {
        int size = scalar(8);
        long value = 0;
        for (int i = payloadEnd - size; i < payloadEnd; i++) {
            value = value << 8 | (input[i] & 0xff);
        }
        return value;
    }

    /** A scalar below 2^63. */
    public long readLong() throws RlpException {
        long value = readUnsignedLong();
        if (value < 0) {
            throw new RlpException("scalar exceeds 63 bits");
        }
        return value;
    }

    /** A scalar below 2^31. */
    public int readInt() throws RlpException {
        long value = readUnsignedLong();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new RlpException("scalar exceeds 31 bits");
        }
        return (int) value;
    }

    /** A scalar below 2^256. */
    public UInt256 readUInt256() throws RlpException {
        int size = scalar(32);
        return size == 0 ? UInt256.ZERO : UInt256.fromBytes(Bytes.wrap(input, payloadEnd - size, size));
    }

    public Wei readWei() throws RlpException {
        return Wei.of(readUInt256());
    }

    /** A scalar below 2^256, as the 32 bytes of its big-endian form. */
    public Hash readScalarHash() throws RlpException {
        int size = scalar(32);
        byte[] word = new byte[Hash.SIZE];
        System.arraycopy(input, payloadEnd - size, word, Hash.SIZE - size, size);
        return Hash.of(word);
    }

    /** Tuweni refuses an empty slice at the end of an array. */
    private Bytes slice(int from, int size) {
        return size == 0 ? Bytes.EMPTY : Bytes.wrap(input, from, size);
    }

    private int scalar(int maxSize) throws RlpException {
        int size = string();
        if (size > maxSize) {
            throw new RlpException("scalar has " + size + " bytes, more than " + maxSize);
        }
        if (size > 0 && input[payload] == 0) {
            throw new RlpException("scalar with a leading zero");
        }
        return size;
    }

    private void exact(int size) throws RlpException {
        int actual = string();
        if (actual != size) {
            throw new RlpException(size + " bytes expected, " + actual + " found");
        }
    }

    /** Consumes a string and returns its size. */
    private int string() throws RlpException {
        header();
        if (list) {
            throw new RlpException("a string expected, a list found");
        }
        position = payloadEnd;
        return payloadEnd - payload;
    }

    private void header() throws RlpException {
        if (position >= end) {
            throw new RlpException("an item is missing");
        }
        int prefix = input[position] & 0xff;
        list = prefix >= 0xc0;
        if (prefix < 0x80) {
            payload = position;
            payloadEnd = position + 1;
            return;
        }
        int shortBase = list ? 0xc0 : 0x80;
        int lengthSize = prefix - shortBase - 55;
        long length;
        if (lengthSize <= 0) {
            length = (long) prefix - shortBase;
            payload = position + 1;
        } else {
            length = longLength(lengthSize);
            payload = position + 1 + lengthSize;
        }
        if (length > end - payload) {
            throw new RlpException("an item of " + length + " bytes where " + (end - payload) + " are left");
        }
        payloadEnd = payload + (int) length;
        if (prefix == 0x81 && (input[payload] & 0xff) < 0x80) {
            throw new RlpException("a byte below 0x80 with a prefix");
        }
    }

    private long longLength(int lengthSize) throws RlpException {
        if (lengthSize > end - position - 1) {
            throw new RlpException("a length is cut short");
        }
        if (input[position + 1] == 0) {
            throw new RlpException("a length with a leading zero");
        }
        if (lengthSize > 4) {
            throw new RlpException("an item longer than any input");
        }
        long length = 0;
        for (int i = 1; i <= lengthSize; i++) {
            length = length << 8 | (input[position + i] & 0xff);
        }
        if (length < 56) {
            throw new RlpException("a long form where the short one fits");
        }
        return length;
    }
}
