package io.engram.inference.engine;

import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
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
    /** Kernels for NVIDIA GPUs, tested before the first use; the processor where there is no GPU and after a fault. */
    CUDA,
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
        throw new IllegalArgumentException("auto, cuda, native, vector or reference, not " + key);
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
        if (CudaBackend.unavailable().isEmpty()) {
            names.add("cuda");
        }
        return List.copyOf(names);
    }

    /**
     * @param threads that the back ends on the processor split a step over
     * @throws IllegalStateException for {@link #NATIVE} or {@link #VECTOR} where it does not work or fails its test
     */
    public Backend open(int threads) {
        return open(InferenceThreads.of(threads), 0);
    }

    /**
     * The same with a thread for hashing and checks of GPUs.
     *
     * @param crossCheck one in so many results of a GPU is computed by the processor too, and another result ends the use of
     *     GPUs; 0: none
     * @throws IllegalStateException as {@link #open(int)}
     */
    public Backend open(InferenceThreads threads, int crossCheck) {
        Backend reference = new ReferenceBackend();
        return switch (this) {
            case REFERENCE -> reference;
            case AUTO -> automatic(threads, crossCheck, reference);
            case CUDA -> onGpuIfAny(threads, crossCheck, reference);
            case NATIVE -> tested(ofKernels(threads, reference), reference);
            case VECTOR -> tested(new VectorBackend(threads.split()), reference);
        };
    }

    private static Backend automatic(InferenceThreads threads, int crossCheck, Backend reference) {
        List<Supplier<Backend>> candidates = new ArrayList<>();
        if (CudaBackend.hasDriver()) {
            // In the background too: a driver takes seconds to wake its devices.
            candidates.add(() -> onGpu(threads, crossCheck, reference));
        } else {
            LOG.info("No GPU for inference: there is no NVIDIA driver");
        }
        candidates.addAll(onProcessor(threads, reference));
        return guarded(candidates, reference);
    }

    private static Backend guarded(List<Supplier<Backend>> candidates, Backend reference) {
        return candidates.isEmpty() ? reference : GuardedBackend.inBackground(candidates, reference);
    }

    private static Backend onGpuIfAny(InferenceThreads threads, int crossCheck, Backend reference) {
        try {
            return onGpu(threads, crossCheck, reference);
        } catch (IllegalStateException e) {
            LOG.warn("No GPU for inference, it runs on the processor: {}", e.getMessage());
            return guarded(onProcessor(threads, reference), reference);
        }
    }

    /** GPUs with the processor behind them. */
    private static Backend onGpu(InferenceThreads threads, int crossCheck, Backend reference) {
        CudaBackend cuda = CudaBackend.open(CudaOptions.DEFAULT);
        cuda.requireEach(device -> SelfTest.require(device, reference, 1));
        LOG.info("Inference runs on GPUs, with the processor behind them");
        return GuardedBackend.trusting(cuda, guarded(onProcessor(threads, reference), reference), crossCheck);
    }

    /** @param lacking why there are no kernels in C, if there are none */
    static Backend onProcessor(int threads, Optional<String> lacking, Logger log) {
        Backend reference = new ReferenceBackend();
        return guarded(onProcessor(InferenceThreads.of(threads), reference, lacking, log), reference);
    }

    private static List<Supplier<Backend>> onProcessor(InferenceThreads threads, Backend reference) {
        return onProcessor(threads, reference, NativeBackend.unavailable(), LOG);
    }

    private static List<Supplier<Backend>> onProcessor(
            InferenceThreads threads, Backend reference, Optional<String> lacking, Logger log) {
        List<Supplier<Backend>> candidates = new ArrayList<>();
        lacking.ifPresentOrElse(
                reason -> log.info("No native inference kernels: {}", reason),
                () -> candidates.add(() -> ofKernels(threads, reference)));
        if (VectorBackend.isAvailable()) {
            candidates.add(() -> new VectorBackend(threads.split()));
        }
        return candidates;
    }

    private static Backend ofKernels(InferenceThreads threads, Backend reference) {
        Backend other = VectorBackend.isAvailable() ? new VectorBackend(threads.split()) : reference;
        NativeOptions options = NativeOptions.ofThreads(threads.split());
        return new NativeBackend(other, threads.hashing() ? options.withHashThread() : options);
    }

    private static Backend tested(Backend fast, Backend reference) {
        SelfTest.require(fast, reference);
        return GuardedBackend.trusting(fast, reference);
    }
}
