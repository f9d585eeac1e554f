package io.engram.inference.engine.vector;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.FaultGuard;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.model.Model;

/**
 * Runs convolutions, dense layers and matrix products on the vector units, the rest on tables or as the reference does.
 * Needs the module {@code jdk.incubator.vector}, which a JVM has only when it is asked for; see {@link #isAvailable}.
 * Whatever goes wrong inside is a {@link LocalFaultException}.
 */
public final class VectorBackend implements Backend {

    /** Most threads that one step is split over. */
    public static final int MAX_THREADS = 256;

    private static final String MODULE = "jdk.incubator.vector";

    private final Workers workers;

    /** One thread: the caller's. */
    public VectorBackend() {
        this(1);
    }

    /**
     * @param threads that a step is split over; the result does not depend on it
     * @throws IllegalStateException when this JVM has no vector units to work with
     */
    public VectorBackend(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads from 1 to " + MAX_THREADS + ", not " + threads);
        }
        if (!isAvailable()) {
            throw new IllegalStateException("no module " + MODULE + " or vectors below 256 bits");
        }
        this.workers = new Workers(threads);
    }

    /** Whether this JVM was started with the module and its vectors have at least 256 bits. */
    public static boolean isAvailable() {
        return ModuleLayer.boot().findModule(MODULE).isPresent() && Lanes.areWideEnough();
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public ModelProgram prepare(Model model) {
        return new FaultGuard("vector", model, () -> new VectorProgram(model, workers));
    }
}
