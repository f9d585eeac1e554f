package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.model.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What an engine's runs came to step by step, as it computed it then: a fault that comes and goes cannot be shown by
 * computing again. Bounded; what was not asked for longest goes first. Thread-safe.
 */
final class StepTraces {

    /** What sixteen blocks full of the cheapest steps take, at the default constants. */
    static final long MAX_BYTES = 96L << 20;

    private static final long ENTRY_BYTES = 256;

    private record Roots(Hash modelId, List<Hash> inputs, List<Hash> results) {
        long bytes() {
            return ENTRY_BYTES + 48L * (inputs.size() + results.size());
        }
    }

    private final ReentrantLock lock = new ReentrantLock();

    /** By steps root, in order of last use. */
    private final Map<Hash, Roots> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    void note(Hash stepsRoot, Model model, List<Hash> inputs, List<Hash> results) {
        Roots roots = new Roots(model.id(), List.copyOf(inputs), List.copyOf(results));
        lock.lock();
        try {
            if (kept.putIfAbsent(stepsRoot, roots) == null) {
                bytes += roots.bytes();
            }
            while (bytes > MAX_BYTES) {
                Map.Entry<Hash, Roots> oldest = kept.entrySet().iterator().next();
                bytes -= oldest.getValue().bytes();
                kept.remove(oldest.getKey());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The run is part of one more block. */
    void touch(Hash stepsRoot) {
        lock.lock();
        try {
            Roots _ = kept.get(stepsRoot);
        } finally {
            lock.unlock();
        }
    }

    Optional<List<StepLeaf>> leaves(Model model, Hash stepsRoot) {
        return find(stepsRoot)
                .filter(roots -> roots.modelId().equals(model.id()))
                .map(roots -> new Trace(model, roots.inputs(), roots.results()).leaves());
    }

    private Optional<Roots> find(Hash stepsRoot) {
        lock.lock();
        try {
            return Optional.ofNullable(kept.get(stepsRoot));
        } finally {
            lock.unlock();
        }
    }
}
