package io.engram.inference;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Property tests: a body run with many seeds, the failing one named. */
public final class Seeds {

    private Seeds() {}

    /** A test body. */
    @FunctionalInterface
    public interface Body {
        void run(RandomGenerator random) throws Exception;
    }

    public static void each(int count, Body body) {
        for (int i = 0; i < count; i++) {
            long seed = 0x9e3779b97f4a7c15L * (i + 1);
            try {
                body.run(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
