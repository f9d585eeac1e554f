package io.engram.evm.state;

import java.security.SecureRandom;

/**
 * The hash of the journal's tables, under multipliers drawn at start, so that nobody can prepare keys that collide.
 * Nothing observable depends on it.
 */
final class HashSeed {

    private static final long M0;
    private static final long M1;
    private static final long M2;
    private static final long M3;

    static {
        SecureRandom random = new SecureRandom();
        M0 = random.nextLong() | 1;
        M1 = random.nextLong() | 1;
        M2 = random.nextLong() | 1;
        M3 = random.nextLong() | 1;
    }

    private HashSeed() {}

    static int mix(long a, long b, long c, long d) {
        long mixed = (a ^ M3) * M0 + (b ^ M2) * M1;
        mixed ^= mixed >>> 32;
        mixed += (c ^ M1) * M2 + (d ^ M0) * M3;
        mixed ^= mixed >>> 29;
        return (int) ((mixed * M0) >>> 32);
    }
}
