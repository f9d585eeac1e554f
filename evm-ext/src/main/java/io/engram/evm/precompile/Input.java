package io.engram.evm.precompile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reading of call data: bytes past the end read as zero. */
final class Input {

    static final VarHandle BIG_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    static final VarHandle LITTLE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private Input() {}

    /** The first {@code length} bytes, padded with zeros on the right; the array itself where it has that length. */
    static byte[] padded(byte[] input, int length) {
        return input.length == length ? input : Arrays.copyOf(input, length);
    }

    /** A copy of {@code length} bytes from {@code offset}, which may lie past the end. */
    static byte[] slice(byte[] input, long offset, int length) {
        byte[] slice = new byte[length];
        if (offset < input.length) {
            int from = (int) offset;
            System.arraycopy(input, from, slice, 0, Math.min(length, input.length - from));
        }
        return slice;
    }

    /** Whether the bytes from {@code from} to before {@code to} are all zero. */
    static boolean isZero(byte[] input, int from, int to) {
        int bits = 0;
        for (int i = from; i < to; i++) {
            bits |= input[i];
        }
        return bits == 0;
    }

    /** A gas figure linear in the 32-byte words of the input. */
    static long perWord(int base, int perWord, byte[] input) {
        return base + perWord * ((input.length + 31L) / 32);
    }

    /** The 32-byte big-endian word for a truth value. */
    static byte[] word(boolean value) {
        byte[] word = new byte[32];
        word[31] = (byte) (value ? 1 : 0);
        return word;
    }
}
