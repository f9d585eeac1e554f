package io.engram.client.state;

import io.engram.client.storage.Batch;
import io.engram.client.storage.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Writes in their order, kept on the heap, so that a staged state that is never appended needs no freeing. */
final class StateWrites {

    /** @param value absent to delete */
    record Write(Column column, byte[] key, Optional<byte[]> value) {}

    private final List<Write> writes = new ArrayList<>();

    void put(Column column, byte[] key, byte[] value) {
        writes.add(new Write(column, key, Optional.of(value)));
    }

    void delete(Column column, byte[] key) {
        writes.add(new Write(column, key, Optional.empty()));
    }

    void addTo(Batch batch) {
        for (Write write : writes) {
            if (write.value().isPresent()) {
                batch.put(write.column(), write.key(), write.value().get());
            } else {
                batch.delete(write.column(), write.key());
            }
        }
    }

    /** What the writes leave at each key of a column that they touch. */
    Map<Bytes, Optional<byte[]>> result(Column column) {
        Map<Bytes, Optional<byte[]>> result = new HashMap<>();
        for (Write write : writes) {
            if (write.column() == column) {
                result.put(Bytes.wrap(write.key()), write.value());
            }
        }
        return result;
    }
}
