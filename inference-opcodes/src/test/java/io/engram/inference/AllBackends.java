package io.engram.inference;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.cuda.CudaBackend;
import io.engram.inference.engine.cuda.CudaOptions;
import io.engram.inference.engine.natives.NativeBackend;
import io.engram.inference.engine.natives.NativeOptions;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.engine.vector.VectorBackend;
import java.util.ArrayList;
import java.util.List;

/** What must give the reference's bits on this machine. Engines remember no results. */
public final class AllBackends {

    /** Set where the tests of operators run on CUDA alone, in a JVM that finds a driver. */
    private static final boolean ON_CUDA = Boolean.getBoolean("engram.cuda");

    private AllBackends() {}

    /** Every device by itself; none where there is no CUDA. */
    private static List<InferenceEngine> onCuda() {
        List<InferenceEngine> engines = new ArrayList<>();
        if (CudaBackend.unavailable().isEmpty()) {
            for (int device = 0; device < CudaBackend.devices(); device++) {
                engines.add(engine(CudaBackend.open(CudaOptions.DEFAULT, device)));
            }
        }
        return engines;
    }

    /** The vector back end and every tier of the native one, on the caller's thread alone: for many small cases. */
    public static List<InferenceEngine> onOneThread() {
        if (ON_CUDA) {
            return onCuda();
        }
        List<InferenceEngine> engines = new ArrayList<>();
        engines.add(engine(new VectorBackend(1)));
        for (String tier : NativeBackend.tiers()) {
            engines.add(engine(NativeOptions.ofThreads(1).withTier(tier)));
        }
        return engines;
    }

    /** The vector back end and every form of the native one. */
    public static List<InferenceEngine> fast() {
        List<InferenceEngine> engines = new ArrayList<>();
        engines.add(engine(new VectorBackend(1)));
        engines.add(engine(new VectorBackend(3)));
        engines.addAll(natives());
        return engines;
    }

    /**
     * Every tier and every SHA-256 that this processor has, on one thread and split over several however small the work
     * is; none where there is no native library.
     */
    public static List<InferenceEngine> natives() {
        List<InferenceEngine> engines = new ArrayList<>();
        NativeOptions one = NativeOptions.ofThreads(1);
        NativeOptions three = NativeOptions.ofThreads(3).withSplitWork(0);
        for (String tier : NativeBackend.tiers()) {
            engines.add(engine(one.withTier(tier)));
            engines.add(engine(three.withTier(tier)));
        }
        for (String hasher : NativeBackend.hashers()) {
            engines.add(engine(one.withHasher(hasher)));
        }
        if (!engines.isEmpty()) {
            engines.add(engine(three.withHashThread()));
            engines.add(engine(one.withHashThread().withSplitWork(0)));
        }
        return engines;
    }

    private static InferenceEngine engine(NativeOptions options) {
        return engine(new NativeBackend(new ReferenceBackend(), options));
    }

    private static InferenceEngine engine(Backend backend) {
        return new InferenceEngine(backend, 0);
    }
}
