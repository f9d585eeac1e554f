package io.engram.inference.engine;

import io.engram.inference.engine.natives.NativeBackend;
import io.engram.inference.engine.natives.NativeOptions;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The back ends that a user may choose from. The choice changes speed only. */
public enum Backends {
    /** The fastest that works here, once it has passed a test in the background; the reference until then. */
    AUTO,
    /** Kernels in C, tested before the first use. */
    NATIVE,
    /** The vector units of the JVM, tested before the first use. */
    VECTOR,
    /** One scalar routine for each operator. */
    REFERENCE;

    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

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
        throw new IllegalArgumentException("auto, native, vector or reference, not " + key);
    }

    /** The names of the back ends that work on this machine in this JVM. */
    public static List<String> available() {
        List<String> names = new ArrayList<>(List.of("reference"));
        if (VectorBackend.isAvailable()) {
            names.add("vector");
        }
        if (NativeBackend.unavailable().isEmpty()) {
            names.add("native");
        }
        return List.copyOf(names);
    }

    /**
     * @param threads that the native and vector back ends split a step over
     * @throws IllegalStateException for {@link #NATIVE} or {@link #VECTOR} where it does not work or fails its test
     */
    public Backend open(int threads) {
        Backend reference = new ReferenceBackend();
        return switch (this) {
            case REFERENCE -> reference;
            case AUTO -> automatic(threads, NativeBackend.unavailable(), LOG);
            case NATIVE -> tested(ofKernels(threads, reference), reference);
            case VECTOR -> tested(new VectorBackend(threads), reference);
        };
    }

    /** @param lacking why there are no kernels in C, if there are none */
    static Backend automatic(int threads, Optional<String> lacking, Logger log) {
        Backend reference = new ReferenceBackend();
        List<Supplier<Backend>> candidates = new ArrayList<>();
        lacking.ifPresentOrElse(
                reason -> log.info("No native inference kernels: {}", reason),
                () -> candidates.add(() -> ofKernels(threads, reference)));
        if (VectorBackend.isAvailable()) {
            candidates.add(() -> new VectorBackend(threads));
        }
        return candidates.isEmpty() ? reference : GuardedBackend.inBackground(candidates, reference);
    }

    private static Backend ofKernels(int threads, Backend reference) {
        Backend other = VectorBackend.isAvailable() ? new VectorBackend(threads) : reference;
        return new NativeBackend(other, NativeOptions.ofThreads(threads));
    }

    private static Backend tested(Backend fast, Backend reference) {
        SelfTest.require(fast, reference);
        return GuardedBackend.trusting(fast, reference);
    }
}
