package io.engram.inference.engine;

import io.engram.genesis.Hash;
import io.engram.inference.model.Model;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Function;

/**
 * Models that stay loaded and prepared, the least recently used dropped first. Each is prepared once, however many ask
 * for it at the same time. Thread-safe.
 */
final class ProgramCache {

    private final long maxBytes;
    private final Function<Model, ModelProgram> maker;
    private final LinkedHashMap<Hash, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maker may throw a local fault, which every thread that waited for the program gets or meets itself */
    ProgramCache(long maxBytes, Function<Model, ModelProgram> maker) {
        this.maxBytes = maxBytes;
        this.maker = maker;
    }

    /** A model with the lock under which it is prepared. */
    private static final class Entry {
        private final Model model;
        private Optional<ModelProgram> program = Optional.empty();
        private long counted;

        Entry(Model model) {
            this.model = model;
        }

        synchronized ModelProgram program(Function<Model, ModelProgram> maker) {
            if (program.isEmpty()) {
                program = Optional.of(maker.apply(model));
            }
            return program.get();
        }
    }

    ModelProgram get(Model model) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(model.id(), _ -> new Entry(model));
        }
        ModelProgram program = entry.program(maker);
        count(entry, model.facts().fileBytes() + program.bytes());
        return program;
    }

    /** A program may grow while it is used, so that it is counted anew at each use. */
    private void count(Entry entry, long size) {
        synchronized (entries) {
            if (entries.get(entry.model.id()) != entry) {
                return;
            }
            bytes += size - entry.counted;
            entry.counted = size;
            Iterator<Entry> eldest = entries.values().iterator();
            while (bytes > maxBytes && entries.size() > 1) {
                bytes -= eldest.next().counted;
                eldest.remove();
            }
        }
    }

    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    long bytes() {
        synchronized (entries) {
            return bytes;
        }
    }
}
