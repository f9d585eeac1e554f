package io.engram.genesis;

import java.util.Random;
import org.apache.tuweni.bytes.Bytes;

/** A random source for property tests that names its seed when a test fails. */
public final class Seeded {

    private Seeded() {}

    /** A test that may end in any error. */
    @FunctionalInterface
    public interface Property {
        void check(Random random) throws Exception;
    }

    /** Runs {@code property} with {@code runs} seeds; a failure names the seed. */
    public static void forSeeds(int runs, Property property) {
        for (long seed = 0; seed < runs; seed++) {
            try {
                property.check(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    public static Bytes bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    public static Hash hash(Random random) {
        return Hash.of(bytes(random, Hash.SIZE));
    }

    public static Address address(Random random) {
        return Address.of(bytes(random, Address.SIZE));
    }

    /** One to four random edits of {@code valid}: a byte changed, removed or added. */
    public static Bytes mutate(Random random, Bytes valid) {
        Bytes mutated = valid;
        for (int edits = 1 + random.nextInt(4); edits > 0 && mutated.size() > 0; edits--) {
            int at = random.nextInt(mutated.size());
            Bytes before = mutated.slice(0, at);
            mutated = switch (random.nextInt(3)) {
                case 0 -> Bytes.concatenate(before, bytes(random, 1), mutated.slice(at + 1));
                case 1 -> Bytes.concatenate(before, mutated.slice(at + 1));
                default -> Bytes.concatenate(before, bytes(random, 1), mutated.slice(at));
            };
        }
        return mutated.copy();
    }
}
