package io.engram.inference.onnx;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Appends protobuf wire format to a growing buffer. Not thread-safe. */
final class ProtoWriter {

    private byte[] buffer = new byte[256];
    private int size;

    byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    void varint(int field, long value) {
        rawVarint((long) field << 3);
        rawVarint(value);
    }

    void fixed32(int field, int value) {
        rawVarint((long) field << 3 | ProtoReader.FIXED32);
        reserve(4);
        LittleEndian.putInt(buffer, size, value);
        size += 4;
    }

    void bytes(int field, byte[] value) {
        rawVarint((long) field << 3 | ProtoReader.BYTES);
        rawVarint(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, buffer, size, value.length);
        size += value.length;
    }

    void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    void message(int field, ProtoWriter value) {
        bytes(field, value.toByteArray());
    }

    void rawVarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    private void reserve(int extra) {
        if (buffer.length - size < extra) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + extra));
        }
    }
}
