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

    /**
     * Bytes of code up to which it is decoded when it first runs: a transaction can touch about 6000 contracts, whose
     * decoded code then fits the cache, so that each is decoded once for its cold access.
     */
    private static final int AT_ONCE = 512;

    /**
     * Gas that must have been spent in larger code for each of its bytes before it is decoded. So whoever calls many
     * large contracts, or enough of them to drive each other out of the cache, pays for the work.
     */
    private static final long GAS_A_BYTE = 2;

    private record Key(Hash hash, String tableId) {}

    private final long limit;
    private final int atOnce;
    private final Map<Key, DecodedCode> entries = new LinkedHashMap<>(256, 0.75f, true);
    private long size;

    /** @param limit in bytes */
    public DecodedCodeCache(long limit) {
        this(limit, AT_ONCE);
    }

    /** @param atOnce bytes of code up to which it is decoded when it first runs */
    DecodedCodeCache(long limit, int atOnce) {
        this.limit = limit;
        this.atOnce = atOnce;
    }

    /** The decoded form, or null while the code has not run enough to be worth it. */
    @Nullable
    DecodedCode get(Code code, OpcodeTable table) {
        DecodedCode near = code.decoded();
        if (near != null && near.tableId().equals(table.id())) {
            return near;
        }
        Key key = new Key(code.hash(), table.id());
        DecodedCode known = find(key);
        if (known == null) {
            if (code.size() > atOnce && code.earned() < GAS_A_BYTE * code.size()) {
                return null;
            }
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
