package io.engram.inference.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Results that this node has computed itself (protocol B4), the least recently used dropped first. Thread-safe.
 */
final class InferenceMemo {

    /** What an entry takes besides its output. */
    static final long ENTRY_OVERHEAD = 320;

    private final long maxBytes;
    private final LinkedHashMap<InferenceKey, Inference> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long generation;

    InferenceMemo(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized Optional<Inference> find(InferenceKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** To be taken before a result is computed; another one means that what was computed meanwhile is suspect. */
    synchronized long generation() {
        return generation;
    }

    /** Forgets everything, and what is being computed now as well. */
    synchronized void clear() {
        generation++;
        entries.clear();
        bytes = 0;
    }

    /**
     * Remembers a result, where it fits.
     *
     * @param since {@link #generation} of before it was computed
     * @return false when the result is suspect
     */
    synchronized boolean put(InferenceKey key, Inference inference, long since) {
        if (since != generation) {
            return false;
        }
        if (size(inference) > maxBytes || entries.putIfAbsent(key, inference) != null) {
            return true;
        }
        bytes += size(inference);
        var eldest = entries.entrySet().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            Map.Entry<InferenceKey, Inference> entry = eldest.next();
            bytes -= size(entry.getValue());
            eldest.remove();
        }
        return true;
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    private static long size(Inference inference) {
        return inference.output().length + ENTRY_OVERHEAD;
    }
}
