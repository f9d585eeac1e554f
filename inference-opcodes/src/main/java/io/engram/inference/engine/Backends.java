package io.engram.inference.engine;

import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import java.util.List;
import java.util.Locale;

/** The back ends that a user may choose from. The choice changes speed only. */
public enum Backends {
    /** The vector units if this JVM can use them, once they have passed a test in the background; else the reference. */
    AUTO,
    /** The vector units, tested before the first use. */
    VECTOR,
    /** One scalar routine for each operator. */
    REFERENCE;

    /** The name in options. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no choice has this name */
    public static Backends ofKey(String key) {
        for (Backends choice : values()) {
            if (choice.key().equals(key)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("auto, vector or reference, not " + key);
    }

    /** The names of the back ends that work on this machine in this JVM. */
    public static List<String> available() {
        return VectorBackend.isAvailable() ? List.of("reference", "vector") : List.of("reference");
    }

    /**
     * @param threads that the vector back end splits a step over
     * @throws IllegalStateException for {@link #VECTOR} where this JVM cannot run it or it fails its test
     */
    public Backend open(int threads) {
        Backend reference = new ReferenceBackend();
        return switch (this) {
            case REFERENCE -> reference;
            case AUTO ->
                VectorBackend.isAvailable()
                        ? GuardedBackend.inBackground(() -> new VectorBackend(threads), reference)
                        : reference;
            case VECTOR -> {
                Backend vector = new VectorBackend(threads);
                SelfTest.require(vector, reference);
                yield GuardedBackend.trusting(vector, reference);
            }
        };
    }
}
