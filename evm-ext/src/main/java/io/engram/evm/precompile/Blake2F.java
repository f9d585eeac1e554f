package io.engram.evm.precompile;

import java.util.Optional;

/**
 * The compression function F of BLAKE2b with a chosen number of rounds: rounds (4 bytes, big-endian), h (64), m (128),
 * t (16), final flag (1), little-endian words. Source: EIP-152, RFC 7693.
 */
final class Blake2F implements Precompile {

    private static final int INPUT = 213;

    private static final int STATE = 4;
    private static final int MESSAGE = 68;
    private static final int COUNTER = 196;

    private static final long IV0 = 0x6a09e667f3bcc908L;
    private static final long IV1 = 0xbb67ae8584caa73bL;
    private static final long IV2 = 0x3c6ef372fe94f82bL;
    private static final long IV3 = 0xa54ff53a5f1d36f1L;
    private static final long IV4 = 0x510e527fade682d1L;
    private static final long IV5 = 0x9b05688c2b3e6c1fL;
    private static final long IV6 = 0x1f83d9abfb41bd6bL;
    private static final long IV7 = 0x5be0cd19137e2179L;

    private static final byte[] SIGMA = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0
    };

    @Override
    public long gas(byte[] input) {
        return input.length == INPUT ? rounds(input) : 0;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        if (input.length != INPUT || (input[INPUT - 1] & ~1) != 0) {
            return Optional.empty();
        }
        byte[] output = new byte[64];
        compress(rounds(input), input, output);
        return Optional.of(output);
    }

    private static long rounds(byte[] input) {
        return (input[0] & 0xffL) << 24 | (input[1] & 0xff) << 16 | (input[2] & 0xff) << 8 | (input[3] & 0xff);
    }

    private static long word(byte[] input, int offset) {
        return (long) Input.LITTLE_LONG.get(input, offset);
    }

    /** F of RFC 7693, section 3.2. The sixteen words of work are locals, to stay in registers. */
    private static void compress(long rounds, byte[] input, byte[] output) {
        long[] m = new long[16];
        for (int i = 0; i < 16; i++) {
            m[i] = word(input, MESSAGE + 8 * i);
        }
        long v0 = word(input, STATE);
        long v1 = word(input, STATE + 8);
        long v2 = word(input, STATE + 16);
        long v3 = word(input, STATE + 24);
        long v4 = word(input, STATE + 32);
        long v5 = word(input, STATE + 40);
        long v6 = word(input, STATE + 48);
        long v7 = word(input, STATE + 56);
        long v8 = IV0;
        long v9 = IV1;
        long v10 = IV2;
        long v11 = IV3;
        long v12 = IV4 ^ word(input, COUNTER);
        long v13 = IV5 ^ word(input, COUNTER + 8);
        long v14 = IV6 ^ -(long) input[INPUT - 1];
        long v15 = IV7;
        int row = 0;
        for (long round = 0; round < rounds; round++) {
            v0 += v4 + m[SIGMA[row] & 15];
            v1 += v5 + m[SIGMA[row + 2] & 15];
            v2 += v6 + m[SIGMA[row + 4] & 15];
            v3 += v7 + m[SIGMA[row + 6] & 15];
            v12 = Long.rotateRight(v12 ^ v0, 32);
            v13 = Long.rotateRight(v13 ^ v1, 32);
            v14 = Long.rotateRight(v14 ^ v2, 32);
            v15 = Long.rotateRight(v15 ^ v3, 32);
            v8 += v12;
            v9 += v13;
            v10 += v14;
            v11 += v15;
            v4 = Long.rotateRight(v4 ^ v8, 24);
            v5 = Long.rotateRight(v5 ^ v9, 24);
            v6 = Long.rotateRight(v6 ^ v10, 24);
            v7 = Long.rotateRight(v7 ^ v11, 24);
            v0 += v4 + m[SIGMA[row + 1] & 15];
            v1 += v5 + m[SIGMA[row + 3] & 15];
            v2 += v6 + m[SIGMA[row + 5] & 15];
            v3 += v7 + m[SIGMA[row + 7] & 15];
            v12 = Long.rotateRight(v12 ^ v0, 16);
            v13 = Long.rotateRight(v13 ^ v1, 16);
            v14 = Long.rotateRight(v14 ^ v2, 16);
            v15 = Long.rotateRight(v15 ^ v3, 16);
            v8 += v12;
            v9 += v13;
            v10 += v14;
            v11 += v15;
            v4 = Long.rotateRight(v4 ^ v8, 63);
            v5 = Long.rotateRight(v5 ^ v9, 63);
            v6 = Long.rotateRight(v6 ^ v10, 63);
            v7 = Long.rotateRight(v7 ^ v11, 63);
            v0 += v5 + m[SIGMA[row + 8] & 15];
            v1 += v6 + m[SIGMA[row + 10] & 15];
            v2 += v7 + m[SIGMA[row + 12] & 15];
            v3 += v4 + m[SIGMA[row + 14] & 15];
            v15 = Long.rotateRight(v15 ^ v0, 32);
            v12 = Long.rotateRight(v12 ^ v1, 32);
            v13 = Long.rotateRight(v13 ^ v2, 32);
            v14 = Long.rotateRight(v14 ^ v3, 32);
            v10 += v15;
            v11 += v12;
            v8 += v13;
            v9 += v14;
            v5 = Long.rotateRight(v5 ^ v10, 24);
            v6 = Long.rotateRight(v6 ^ v11, 24);
            v7 = Long.rotateRight(v7 ^ v8, 24);
            v4 = Long.rotateRight(v4 ^ v9, 24);
            v0 += v5 + m[SIGMA[row + 9] & 15];
            v1 += v6 + m[SIGMA[row + 11] & 15];
            v2 += v7 + m[SIGMA[row + 13] & 15];
            v3 += v4 + m[SIGMA[row + 15] & 15];
            v15 = Long.rotateRight(v15 ^ v0, 16);
            v12 = Long.rotateRight(v12 ^ v1, 16);
            v13 = Long.rotateRight(v13 ^ v2, 16);
            v14 = Long.rotateRight(v14 ^ v3, 16);
            v10 += v15;
            v11 += v12;
            v8 += v13;
            v9 += v14;
            v5 = Long.rotateRight(v5 ^ v10, 63);
            v6 = Long.rotateRight(v6 ^ v11, 63);
            v7 = Long.rotateRight(v7 ^ v8, 63);
            v4 = Long.rotateRight(v4 ^ v9, 63);
            row = row == 144 ? 0 : row + 16;
        }
        Input.LITTLE_LONG.set(output, 0, word(input, STATE) ^ v0 ^ v8);
        Input.LITTLE_LONG.set(output, 8, word(input, STATE + 8) ^ v1 ^ v9);
        Input.LITTLE_LONG.set(output, 16, word(input, STATE + 16) ^ v2 ^ v10);
        Input.LITTLE_LONG.set(output, 24, word(input, STATE + 24) ^ v3 ^ v11);
        Input.LITTLE_LONG.set(output, 32, word(input, STATE + 32) ^ v4 ^ v12);
        Input.LITTLE_LONG.set(output, 40, word(input, STATE + 40) ^ v5 ^ v13);
        Input.LITTLE_LONG.set(output, 48, word(input, STATE + 48) ^ v6 ^ v14);
        Input.LITTLE_LONG.set(output, 56, word(input, STATE + 56) ^ v7 ^ v15);
    }
}
