package io.engram.evm.precompile;

import java.util.Optional;

/**
 * The compression function F of BLAKE2b with a chosen number of rounds: rounds (4 bytes, big-endian), h (64), m (128),
 * t (16), final flag (1), little-endian words. Source: EIP-152, RFC 7693.
 */
final class Blake2F implements Precompile {

    private static final int INPUT = 213;

    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
    };

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
        long[] h = words(input, 4, 8);
        long[] m = words(input, 68, 16);
        long[] t = words(input, 196, 2);
        compress(rounds(input), h, m, t[0], t[1], input[INPUT - 1] == 1);
        byte[] output = new byte[64];
        for (int i = 0; i < 8; i++) {
            Input.LITTLE_LONG.set(output, 8 * i, h[i]);
        }
        return Optional.of(output);
    }

    private static long rounds(byte[] input) {
        return (input[0] & 0xffL) << 24 | (input[1] & 0xff) << 16 | (input[2] & 0xff) << 8 | (input[3] & 0xff);
    }

    private static long[] words(byte[] input, int offset, int count) {
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            words[i] = (long) Input.LITTLE_LONG.get(input, offset + 8 * i);
        }
        return words;
    }

    /** F of RFC 7693, section 3.2; replaces {@code h}. The sixteen words of work are locals, to stay in registers. */
    private static void compress(long rounds, long[] h, long[] m, long t0, long t1, boolean last) {
        long v0 = h[0];
        long v1 = h[1];
        long v2 = h[2];
        long v3 = h[3];
        long v4 = h[4];
        long v5 = h[5];
        long v6 = h[6];
        long v7 = h[7];
        long v8 = IV[0];
        long v9 = IV[1];
        long v10 = IV[2];
        long v11 = IV[3];
        long v12 = IV[4] ^ t0;
        long v13 = IV[5] ^ t1;
        long v14 = last ? ~IV[6] : IV[6];
        long v15 = IV[7];
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
        h[0] ^= v0 ^ v8;
        h[1] ^= v1 ^ v9;
        h[2] ^= v2 ^ v10;
        h[3] ^= v3 ^ v11;
        h[4] ^= v4 ^ v12;
        h[5] ^= v5 ^ v13;
        h[6] ^= v6 ^ v14;
        h[7] ^= v7 ^ v15;
    }
}
