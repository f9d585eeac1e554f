package io.engram.client.chain;

import io.engram.genesis.Hash;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What was decoded of the blocks that were read last, so that who asks for the receipts of a large block one by one does
 * not have all of them decoded each time. Thread-safe.
 *
 * @param <T> what a record decodes to; immutable
 */
final class RecentRecords<T> {

    private final long maxBytes;
    private final Function<byte[], T> decoder;
    private final LinkedHashMap<Hash, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long clearings;

    /** @param size of the stored form */
    private record Entry<T>(T value, int size) {}

    /** @param maxBytes of the stored forms together; a record that is larger than that alone is not kept */
    RecentRecords(long maxBytes, Function<byte[], T> decoder) {
        this.maxBytes = maxBytes;
        this.decoder = decoder;
    }

    /** @param stored reads the record; asked when it is not known here */
    Optional<T> get(Hash block, Supplier<Optional<byte[]>> stored) {
        long before;
        synchronized (this) {
            Entry<T> known = entries.get(block);
            if (known != null) {
                return Optional.of(known.value());
            }
            before = clearings;
        }
        return stored.get().map(record -> {
            T value = decoder.apply(record);
            keep(block, new Entry<>(value, record.length), before);
            return value;
        });
    }

    /** Does nothing when the block may have been deleted since it was read. */
    private synchronized void keep(Hash block, Entry<T> entry, long asOf) {
        if (clearings != asOf || entry.size() > maxBytes || entries.containsKey(block)) {
            return;
        }
        entries.put(block, entry);
        bytes += entry.size();
        while (bytes > maxBytes) {
            bytes -= entries.pollFirstEntry().getValue().size();
        }
    }

    /** To be called when blocks have been deleted, before anybody is told. */
    synchronized void clear() {
        clearings++;
        entries.clear();
        bytes = 0;
    }
}
