package io.engram.inference.onnx;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bounds-checked cursor over the protobuf wire format. Nested messages share the bytes, so reading allocates no more than
 * the values that the caller takes out. Not thread-safe.
 */
final class ProtoReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final byte[] source;
    private final int limit;
    private int position;
    private int field;
    private int wire;

    ProtoReader(byte[] source) {
        this(source, 0, source.length);
    }

    private ProtoReader(byte[] source, int position, int limit) {
        this.source = source;
        this.position = position;
        this.limit = limit;
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() throws MalformedOnnxException {
        if (position == limit) {
            return false;
        }
        long tag = rawVarint();
        if (tag < 8 || tag > 0xffff_ffffL) {
            throw new MalformedOnnxException("bad protobuf tag " + tag + " before byte " + position);
        }
        field = (int) (tag >>> 3);
        wire = (int) (tag & 7);
        return true;
    }

    int field() {
        return field;
    }

    int wire() {
        return wire;
    }

    boolean atEnd() {
        return position == limit;
    }

    int remaining() {
        return limit - position;
    }

    long varint() throws MalformedOnnxException {
        expect(VARINT);
        return rawVarint();
    }

    /** A varint without a tag, as in a packed list. */
    long rawVarint() throws MalformedOnnxException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == limit) {
                throw truncated();
            }
            byte next = source[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedOnnxException("varint longer than 10 bytes before byte " + position);
    }

    /** How many varints the rest of a packed list holds at most: bytes that end one. */
    int countVarints() {
        int count = 0;
        for (int i = position; i < limit; i++) {
            count += source[i] >= 0 ? 1 : 0;
        }
        return count;
    }

    int fixed32() throws MalformedOnnxException {
        expect(FIXED32);
        return rawFixed32();
    }

    int rawFixed32() throws MalformedOnnxException {
        if (limit - position < 4) {
            throw truncated();
        }
        int value = LittleEndian.getInt(source, position);
        position += 4;
        return value;
    }

    long rawFixed64() throws MalformedOnnxException {
        if (limit - position < 8) {
            throw truncated();
        }
        long value = LittleEndian.getLong(source, position);
        position += 8;
        return value;
    }

    /** The nested message or packed list at this field. */
    ProtoReader message() throws MalformedOnnxException {
        expect(BYTES);
        int length = length();
        ProtoReader nested = new ProtoReader(source, position, position + length);
        position += length;
        return nested;
    }

    byte[] bytes() throws MalformedOnnxException {
        expect(BYTES);
        int length = length();
        byte[] value = Arrays.copyOfRange(source, position, position + length);
        position += length;
        return value;
    }

    String text() throws MalformedOnnxException {
        expect(BYTES);
        int length = length();
        String value = new String(source, position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    /** Steps over the value of the present field. */
    void skip() throws MalformedOnnxException {
        switch (wire) {
            case VARINT -> rawVarint();
            case FIXED64 -> rawFixed64();
            case FIXED32 -> rawFixed32();
            case BYTES -> {
                // Not one expression: reading the length moves the position.
                int length = length();
                position += length;
            }
            default ->
                throw new MalformedOnnxException("unknown protobuf wire type " + wire + " before byte " + position);
        }
    }

    private int length() throws MalformedOnnxException {
        long length = rawVarint();
        if (length < 0 || length > limit - position) {
            throw truncated();
        }
        return (int) length;
    }

    private void expect(int expected) throws MalformedOnnxException {
        if (wire != expected) {
            throw new MalformedOnnxException(
                    "field " + field + " has wire type " + wire + ", not " + expected + ", before byte " + position);
        }
    }

    private MalformedOnnxException truncated() {
        return new MalformedOnnxException("the file ends inside a value, at byte " + position);
    }
}
