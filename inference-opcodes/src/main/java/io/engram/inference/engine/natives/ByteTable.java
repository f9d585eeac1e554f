package io.engram.inference.engine.natives;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/** A function from int8 to int8 as a table over the bytes that values are kept as. */
final class ByteTable {

    private static final int SIZE = 256;
    private static final int OFFSET = 128;

    private final byte[] bytes;

    private ByteTable(byte[] bytes) {
        this.bytes = bytes;
    }

    static ByteTable of(IntUnaryOperator function) {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) (function.applyAsInt(i - OFFSET) + OFFSET);
        }
        return new ByteTable(bytes);
    }

    boolean isIdentity() {
        for (int i = 0; i < SIZE; i++) {
            if (bytes[i] != (byte) i) {
                return false;
            }
        }
        return true;
    }

    /** @return its place in the constants */
    long store(Scope scope) {
        return scope.constants.add(
                SIZE, target -> MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, SIZE));
    }
}
