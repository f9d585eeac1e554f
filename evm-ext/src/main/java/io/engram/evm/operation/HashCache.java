package io.engram.evm.operation;

import io.engram.genesis.crypto.Keccak256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Keccak-256 to a word of the stack, without allocation, with the digests of recent 64-byte inputs kept: these are the
 * slots of Solidity's mappings. Each input has one place; a later one with the same place drives it out. Used by one
 * thread.
 */
public final class HashCache {

    /** Digests kept; with its input one takes 96 bytes. */
    private static final int ENTRIES = 1024;

    private static final int INPUT = 8;
    private static final int STRIDE = INPUT + 4;

    private static final VarHandle NATIVE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    /** Inputs, each with its digest behind. A digest of zero marks a free place: no input is known to have it. */
    private final long[] entries = new long[ENTRIES * STRIDE];

    private final long[] state = new long[Keccak256.LANES];

    /** Hashes {@code length} bytes of memory from {@code offset} on into the word at {@code s[r]}. */
    public void hash(byte[] memory, int offset, int length, long[] s, int r) {
        if (length == 8 * INPUT) {
            hash64(memory, offset, s, r);
        } else {
            Keccak256.hash(memory, offset, length, state, s, r);
        }
    }

    private void hash64(byte[] memory, int offset, long[] s, int r) {
        long m0 = (long) NATIVE.get(memory, offset);
        long m1 = (long) NATIVE.get(memory, offset + 8);
        long m2 = (long) NATIVE.get(memory, offset + 16);
        long m3 = (long) NATIVE.get(memory, offset + 24);
        long m4 = (long) NATIVE.get(memory, offset + 32);
        long m5 = (long) NATIVE.get(memory, offset + 40);
        long m6 = (long) NATIVE.get(memory, offset + 48);
        long m7 = (long) NATIVE.get(memory, offset + 56);
        long mixed =
                (m0 ^ Long.rotateLeft(m1, 13) ^ Long.rotateLeft(m2, 29) ^ Long.rotateLeft(m3, 47)) * 0x9e3779b97f4a7c15L
                        + (m4 ^ Long.rotateLeft(m5, 17) ^ Long.rotateLeft(m6, 31) ^ Long.rotateLeft(m7, 51))
                                * 0xd6e8feb86659fd93L;
        mixed = (mixed ^ mixed >>> 32) * 0x9e3779b97f4a7c15L;
        long[] e = entries;
        int at = (int) (mixed >>> 48 & ENTRIES - 1) * STRIDE;
        int digest = at + INPUT;
        long differs = (e[at] ^ m0)
                | (e[at + 1] ^ m1)
                | (e[at + 2] ^ m2)
                | (e[at + 3] ^ m3)
                | (e[at + 4] ^ m4)
                | (e[at + 5] ^ m5)
                | (e[at + 6] ^ m6)
                | (e[at + 7] ^ m7);
        if (differs != 0 || (e[digest] | e[digest + 1] | e[digest + 2] | e[digest + 3]) == 0) {
            Keccak256.hash(memory, offset, 8 * INPUT, state, e, digest);
            e[at] = m0;
            e[at + 1] = m1;
            e[at + 2] = m2;
            e[at + 3] = m3;
            e[at + 4] = m4;
            e[at + 5] = m5;
            e[at + 6] = m6;
            e[at + 7] = m7;
        }
        s[r] = e[digest];
        s[r + 1] = e[digest + 1];
        s[r + 2] = e[digest + 2];
        s[r + 3] = e[digest + 3];
    }
}
