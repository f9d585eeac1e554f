package io.engram.evm.interpreter;

import io.engram.evm.operation.OpcodeTable;
import io.engram.genesis.Hash;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decoded code by code hash and opcode table, least recently looked up first out, bounded by bytes. Thread-safe: two
 * threads may decode the same code with the same result.
 */
public final class DecodedCodeCache {

    /** Bytes of decoded code held when nothing else is said; it takes about 15 times the code. */
    public static final long DEFAULT_LIMIT = 128L << 20;

    private record Key(Hash hash, String tableId) {}

    private final long limit;
    private final Map<Key, DecodedCode> entries = new LinkedHashMap<>(256, 0.75f, true);
    private long size;

    /** @param limit in bytes */
    public DecodedCodeCache(long limit) {
        this.limit = limit;
    }

    /** The decoded form, made when it is not here. */
    DecodedCode get(Code code, OpcodeTable table) {
        DecodedCode near = code.decoded();
        if (near != null && near.tableId().equals(table.id())) {
            return near;
        }
        Key key = new Key(code.hash(), table.id());
        DecodedCode known = find(key);
        if (known == null) {
            known = add(key, Decoder.decode(code, table));
        }
        code.remember(known);
        return known;
    }

    private @Nullable DecodedCode find(Key key) {
        synchronized (entries) {
            return entries.get(key);
        }
    }

    private DecodedCode add(Key key, DecodedCode decoded) {
        synchronized (entries) {
            DecodedCode earlier = entries.putIfAbsent(key, decoded);
            if (earlier != null) {
                return earlier;
            }
            size += decoded.size();
            var eldest = entries.values().iterator();
            while (size > limit && eldest.hasNext()) {
                size -= eldest.next().size();
                eldest.remove();
            }
            return decoded;
        }
    }

    /** Bytes now held. */
    public long size() {
        synchronized (entries) {
            return size;
        }
    }
}
