package io.engram.p2p;

import java.util.Random;
import org.apache.tuweni.bytes.Bytes;

/** Property tests over seeds; a failure names its seed. */
public final class Seeds {

    private Seeds() {}

    /** A test that may end in any error. */
    @FunctionalInterface
    public interface Property {
        void check(Random random) throws Exception;
    }

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

    /** One to four random edits: a byte changed, removed or added. */
    public static Bytes mutate(Random random, Bytes valid) {
        Bytes mutated = valid;
        for (int edits = 1 + random.nextInt(4); edits > 0 && !mutated.isEmpty(); edits--) {
            int at = random.nextInt(mutated.size());
            Bytes before = at == 0 ? Bytes.EMPTY : mutated.slice(0, at);
            Bytes after = at + 1 == mutated.size() ? Bytes.EMPTY : mutated.slice(at + 1);
            mutated = switch (random.nextInt(3)) {
                case 0 -> Bytes.concatenate(before, bytes(random, 1), after);
                case 1 -> Bytes.concatenate(before, after);
                default -> Bytes.concatenate(before, bytes(random, 1), mutated.slice(at));
            };
        }
        return mutated.copy();
    }
}
