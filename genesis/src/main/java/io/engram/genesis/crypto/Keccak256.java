package io.engram.genesis.crypto;

import io.engram.genesis.Hash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/**
 * Keccak-256 with the original padding (0x01), as Ethereum uses it; not SHA3-256 of FIPS 202.
 *
 * <p>Source: The Keccak reference, version 3.0. Stateless and thread-safe.
 */
public final class Keccak256 {

    /** Longs of the permutation's state. */
    public static final int LANES = 25;

    private static final int RATE = 136;
    private static final int ROUNDS = 24;

    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private static final long[] ROUND_CONSTANTS = {
        0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL, 0x8000000080008000L,
        0x000000000000808bL, 0x0000000080000001L, 0x8000000080008081L, 0x8000000000008009L,
        0x000000000000008aL, 0x0000000000000088L, 0x0000000080008009L, 0x000000008000000aL,
        0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L, 0x8000000000008003L,
        0x8000000000008002L, 0x8000000000000080L, 0x000000000000800aL, 0x800000008000000aL,
        0x8000000080008081L, 0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
    };

    private Keccak256() {}

    public static Hash hash(byte[] input) {
        return hash(input, 0, input.length);
    }

    public static Hash hash(Bytes input) {
        byte[] array = input.toArrayUnsafe();
        return hash(array, 0, array.length);
    }

    /** The digest of the 32 bytes of {@code input}. */
    public static Hash hash(Hash input) {
        long[] s = new long[LANES];
        absorb(s, 0, input);
        s[4] = 0x01;
        s[RATE / 8 - 1] = 0x8000000000000000L;
        permute(s);
        return digest(s);
    }

    /** The digest of 64 bytes: {@code first} and then {@code second}. */
    public static Hash hash(Hash first, Hash second) {
        long[] s = new long[LANES];
        absorb(s, 0, first);
        absorb(s, 4, second);
        s[8] = 0x01;
        s[RATE / 8 - 1] = 0x8000000000000000L;
        permute(s);
        return digest(s);
    }

    private static void absorb(long[] s, int lane, Hash word) {
        s[lane] = Long.reverseBytes(word.w0());
        s[lane + 1] = Long.reverseBytes(word.w1());
        s[lane + 2] = Long.reverseBytes(word.w2());
        s[lane + 3] = Long.reverseBytes(word.w3());
    }

    private static Hash digest(long[] s) {
        return new Hash(
                Long.reverseBytes(s[0]), Long.reverseBytes(s[1]), Long.reverseBytes(s[2]), Long.reverseBytes(s[3]));
    }

    /** The digest of {@code length} bytes from {@code offset} on. */
    public static Hash hash(byte[] input, int offset, int length) {
        long[] s = new long[LANES];
        absorb(s, input, offset, length);
        return digest(s);
    }

    /**
     * As {@link #hash(byte[], int, int)}, without allocating.
     *
     * @param state {@link #LANES} longs of scratch space
     * @param target receives the digest as a word of four limbs, the least significant first, from {@code at} on
     */
    public static void hash(byte[] input, int offset, int length, long[] state, long[] target, int at) {
        Arrays.fill(state, 0, LANES, 0);
        absorb(state, input, offset, length);
        target[at + 3] = Long.reverseBytes(state[0]);
        target[at + 2] = Long.reverseBytes(state[1]);
        target[at + 1] = Long.reverseBytes(state[2]);
        target[at] = Long.reverseBytes(state[3]);
    }

    /** Runs the sponge over the input and its padding; {@code s} starts as zeros. */
    private static void absorb(long[] s, byte[] input, int offset, int length) {
        int position = offset;
        int left = length;
        while (left >= RATE) {
            for (int i = 0; i < RATE / 8; i++) {
                s[i] ^= (long) LITTLE.get(input, position + 8 * i);
            }
            permute(s);
            position += RATE;
            left -= RATE;
        }
        int words = left >>> 3;
        for (int i = 0; i < words; i++) {
            s[i] ^= (long) LITTLE.get(input, position + 8 * i);
        }
        long tail = 0x01L << (8 * (left & 7));
        for (int i = left & ~7; i < left; i++) {
            tail |= (input[position + i] & 0xffL) << (8 * (i & 7));
        }
        s[words] ^= tail;
        s[RATE / 8 - 1] ^= 0x8000000000000000L;
        permute(s);
    }

    /**
     * Keccak-f[1600] on 25 lanes held in locals, so that the JIT keeps them in registers as far as they reach; two rounds
     * a step, as the moves at its end cost a tenth of a round.
     */
    private static void permute(long[] s) {
        long a0 = s[0];
        long a1 = s[1];
        long a2 = s[2];
        long a3 = s[3];
        long a4 = s[4];
        long a5 = s[5];
        long a6 = s[6];
        long a7 = s[7];
        long a8 = s[8];
        long a9 = s[9];
        long a10 = s[10];
        long a11 = s[11];
        long a12 = s[12];
        long a13 = s[13];
        long a14 = s[14];
        long a15 = s[15];
        long a16 = s[16];
        long a17 = s[17];
        long a18 = s[18];
        long a19 = s[19];
        long a20 = s[20];
        long a21 = s[21];
        long a22 = s[22];
        long a23 = s[23];
        long a24 = s[24];
        for (int round = 0; round < ROUNDS; round += 2) {
            {
                long c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
                long c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
                long c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
                long c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
                long c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
                long d0 = c4 ^ Long.rotateLeft(c1, 1);
                long d1 = c0 ^ Long.rotateLeft(c2, 1);
                long d2 = c1 ^ Long.rotateLeft(c3, 1);
                long d3 = c2 ^ Long.rotateLeft(c4, 1);
                long d4 = c3 ^ Long.rotateLeft(c0, 1);
                long b0 = a0 ^ d0;
                long b16 = Long.rotateLeft(a5 ^ d0, 36);
                long b7 = Long.rotateLeft(a10 ^ d0, 3);
                long b23 = Long.rotateLeft(a15 ^ d0, 41);
                long b14 = Long.rotateLeft(a20 ^ d0, 18);
                long b10 = Long.rotateLeft(a1 ^ d1, 1);
                long b1 = Long.rotateLeft(a6 ^ d1, 44);
                long b17 = Long.rotateLeft(a11 ^ d1, 10);
                long b8 = Long.rotateLeft(a16 ^ d1, 45);
                long b24 = Long.rotateLeft(a21 ^ d1, 2);
                long b20 = Long.rotateLeft(a2 ^ d2, 62);
                long b11 = Long.rotateLeft(a7 ^ d2, 6);
                long b2 = Long.rotateLeft(a12 ^ d2, 43);
                long b18 = Long.rotateLeft(a17 ^ d2, 15);
                long b9 = Long.rotateLeft(a22 ^ d2, 61);
                long b5 = Long.rotateLeft(a3 ^ d3, 28);
                long b21 = Long.rotateLeft(a8 ^ d3, 55);
                long b12 = Long.rotateLeft(a13 ^ d3, 25);
                long b3 = Long.rotateLeft(a18 ^ d3, 21);
                long b19 = Long.rotateLeft(a23 ^ d3, 56);
                long b15 = Long.rotateLeft(a4 ^ d4, 27);
                long b6 = Long.rotateLeft(a9 ^ d4, 20);
                long b22 = Long.rotateLeft(a14 ^ d4, 39);
                long b13 = Long.rotateLeft(a19 ^ d4, 8);
                long b4 = Long.rotateLeft(a24 ^ d4, 14);
                a0 = b0 ^ (~b1 & b2) ^ ROUND_CONSTANTS[round];
                a1 = b1 ^ (~b2 & b3);
                a2 = b2 ^ (~b3 & b4);
                a3 = b3 ^ (~b4 & b0);
                a4 = b4 ^ (~b0 & b1);
                a5 = b5 ^ (~b6 & b7);
                a6 = b6 ^ (~b7 & b8);
                a7 = b7 ^ (~b8 & b9);
                a8 = b8 ^ (~b9 & b5);
                a9 = b9 ^ (~b5 & b6);
                a10 = b10 ^ (~b11 & b12);
                a11 = b11 ^ (~b12 & b13);
                a12 = b12 ^ (~b13 & b14);
                a13 = b13 ^ (~b14 & b10);
                a14 = b14 ^ (~b10 & b11);
                a15 = b15 ^ (~b16 & b17);
                a16 = b16 ^ (~b17 & b18);
                a17 = b17 ^ (~b18 & b19);
                a18 = b18 ^ (~b19 & b15);
                a19 = b19 ^ (~b15 & b16);
                a20 = b20 ^ (~b21 & b22);
                a21 = b21 ^ (~b22 & b23);
                a22 = b22 ^ (~b23 & b24);
                a23 = b23 ^ (~b24 & b20);
                a24 = b24 ^ (~b20 & b21);
            }
            {
                long c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
                long c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
                long c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
                long c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
                long c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
                long d0 = c4 ^ Long.rotateLeft(c1, 1);
                long d1 = c0 ^ Long.rotateLeft(c2, 1);
                long d2 = c1 ^ Long.rotateLeft(c3, 1);
                long d3 = c2 ^ Long.rotateLeft(c4, 1);
                long d4 = c3 ^ Long.rotateLeft(c0, 1);
                long b0 = a0 ^ d0;
                long b16 = Long.rotateLeft(a5 ^ d0, 36);
                long b7 = Long.rotateLeft(a10 ^ d0, 3);
                long b23 = Long.rotateLeft(a15 ^ d0, 41);
                long b14 = Long.rotateLeft(a20 ^ d0, 18);
                long b10 = Long.rotateLeft(a1 ^ d1, 1);
                long b1 = Long.rotateLeft(a6 ^ d1, 44);
                long b17 = Long.rotateLeft(a11 ^ d1, 10);
                long b8 = Long.rotateLeft(a16 ^ d1, 45);
                long b24 = Long.rotateLeft(a21 ^ d1, 2);
                long b20 = Long.rotateLeft(a2 ^ d2, 62);
                long b11 = Long.rotateLeft(a7 ^ d2, 6);
                long b2 = Long.rotateLeft(a12 ^ d2, 43);
                long b18 = Long.rotateLeft(a17 ^ d2, 15);
                long b9 = Long.rotateLeft(a22 ^ d2, 61);
                long b5 = Long.rotateLeft(a3 ^ d3, 28);
                long b21 = Long.rotateLeft(a8 ^ d3, 55);
                long b12 = Long.rotateLeft(a13 ^ d3, 25);
                long b3 = Long.rotateLeft(a18 ^ d3, 21);
                long b19 = Long.rotateLeft(a23 ^ d3, 56);
                long b15 = Long.rotateLeft(a4 ^ d4, 27);
                long b6 = Long.rotateLeft(a9 ^ d4, 20);
                long b22 = Long.rotateLeft(a14 ^ d4, 39);
                long b13 = Long.rotateLeft(a19 ^ d4, 8);
                long b4 = Long.rotateLeft(a24 ^ d4, 14);
                a0 = b0 ^ (~b1 & b2) ^ ROUND_CONSTANTS[round + 1];
                a1 = b1 ^ (~b2 & b3);
                a2 = b2 ^ (~b3 & b4);
                a3 = b3 ^ (~b4 & b0);
                a4 = b4 ^ (~b0 & b1);
                a5 = b5 ^ (~b6 & b7);
                a6 = b6 ^ (~b7 & b8);
                a7 = b7 ^ (~b8 & b9);
                a8 = b8 ^ (~b9 & b5);
                a9 = b9 ^ (~b5 & b6);
                a10 = b10 ^ (~b11 & b12);
                a11 = b11 ^ (~b12 & b13);
                a12 = b12 ^ (~b13 & b14);
                a13 = b13 ^ (~b14 & b10);
                a14 = b14 ^ (~b10 & b11);
                a15 = b15 ^ (~b16 & b17);
                a16 = b16 ^ (~b17 & b18);
                a17 = b17 ^ (~b18 & b19);
                a18 = b18 ^ (~b19 & b15);
                a19 = b19 ^ (~b15 & b16);
                a20 = b20 ^ (~b21 & b22);
                a21 = b21 ^ (~b22 & b23);
                a22 = b22 ^ (~b23 & b24);
                a23 = b23 ^ (~b24 & b20);
                a24 = b24 ^ (~b20 & b21);
            }
        }
        s[0] = a0;
        s[1] = a1;
        s[2] = a2;
        s[3] = a3;
        s[4] = a4;
        s[5] = a5;
        s[6] = a6;
        s[7] = a7;
        s[8] = a8;
        s[9] = a9;
        s[10] = a10;
        s[11] = a11;
        s[12] = a12;
        s[13] = a13;
        s[14] = a14;
        s[15] = a15;
        s[16] = a16;
        s[17] = a17;
        s[18] = a18;
        s[19] = a19;
        s[20] = a20;
        s[21] = a21;
        s[22] = a22;
        s[23] = a23;
        s[24] = a24;
    }
}
