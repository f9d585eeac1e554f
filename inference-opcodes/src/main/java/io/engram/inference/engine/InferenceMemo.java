package io.engram.inference.engine;

import io.engram.genesis.Hash;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Results that this node has computed itself (protocol B4), the least recently used dropped first. Thread-safe.
 */
final class InferenceMemo {

    /** What an entry takes besides its output. */
    private static final long ENTRY_OVERHEAD = 320;

    private record Key(Hash modelId, Hash inputRoot) {}

    private final long maxBytes;
    private final LinkedHashMap<Key, Inference> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    InferenceMemo(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized Optional<Inference> find(Hash modelId, Hash inputRoot) {
        return Optional.ofNullable(entries.get(new Key(modelId, inputRoot)));
    }

    synchronized void put(Hash modelId, Inference inference) {
        if (size(inference) > maxBytes
                || entries.putIfAbsent(new Key(modelId, inference.inputRoot()), inference) != null) {
            return;
        }
        bytes += size(inference);
        var eldest = entries.entrySet().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            Map.Entry<Key, Inference> entry = eldest.next();
            bytes -= size(entry.getValue());
            eldest.remove();
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private static long size(Inference inference) {
        return inference.output().length + ENTRY_OVERHEAD;
    }
}
