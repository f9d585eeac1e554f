package io.engram.inference.engine.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Transposes squares of eight by eight bytes held in eight longs: halves of the square change places, then quarters within each
 * half, then bytes (Warren, Hacker's Delight, section 7-3).
 */
final class ByteSquare {

    static final int SIZE = 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private static final long BYTES = 0x00ff00ff00ff00ffL;
    private static final long PAIRS = 0x0000ffff0000ffffL;
    private static final long HALVES = 0x00000000ffffffffL;

    private ByteSquare() {}

    /** {@code to[at + j·toStride + i] = from[fromAt + i·fromStride + j]} for i and j from 0 to 7. */
    static void transpose(byte[] from, int fromAt, int fromStride, byte[] to, int at, int toStride) {
        long a = (long) LONG.get(from, fromAt);
        long b = (long) LONG.get(from, fromAt + fromStride);
        long c = (long) LONG.get(from, fromAt + 2 * fromStride);
        long d = (long) LONG.get(from, fromAt + 3 * fromStride);
        long e = (long) LONG.get(from, fromAt + 4 * fromStride);
        long f = (long) LONG.get(from, fromAt + 5 * fromStride);
        long g = (long) LONG.get(from, fromAt + 6 * fromStride);
        long h = (long) LONG.get(from, fromAt + 7 * fromStride);

        long x = (a >>> 32 ^ e) & HALVES;
        a ^= x << 32;
        e ^= x;
        x = (b >>> 32 ^ f) & HALVES;
        b ^= x << 32;
        f ^= x;
        x = (c >>> 32 ^ g) & HALVES;
        c ^= x << 32;
        g ^= x;
        x = (d >>> 32 ^ h) & HALVES;
        d ^= x << 32;
        h ^= x;

        x = (a >>> 16 ^ c) & PAIRS;
        a ^= x << 16;
        c ^= x;
        x = (b >>> 16 ^ d) & PAIRS;
        b ^= x << 16;
        d ^= x;
        x = (e >>> 16 ^ g) & PAIRS;
        e ^= x << 16;
        g ^= x;
        x = (f >>> 16 ^ h) & PAIRS;
        f ^= x << 16;
        h ^= x;

        x = (a >>> 8 ^ b) & BYTES;
        a ^= x << 8;
        b ^= x;
        x = (c >>> 8 ^ d) & BYTES;
        c ^= x << 8;
        d ^= x;
        x = (e >>> 8 ^ f) & BYTES;
        e ^= x << 8;
        f ^= x;
        x = (g >>> 8 ^ h) & BYTES;
        g ^= x << 8;
        h ^= x;

        LONG.set(to, at, a);
        LONG.set(to, at + toStride, b);
        LONG.set(to, at + 2 * toStride, c);
        LONG.set(to, at + 3 * toStride, d);
        LONG.set(to, at + 4 * toStride, e);
        LONG.set(to, at + 5 * toStride, f);
        LONG.set(to, at + 6 * toStride, g);
        LONG.set(to, at + 7 * toStride, h);
    }
}
