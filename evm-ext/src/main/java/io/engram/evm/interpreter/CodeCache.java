package io.engram.evm.interpreter;

import io.engram.genesis.Hash;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/** Code and its analysis by hash, least recently used first out, bounded by bytes. Thread-safe. */
public final class CodeCache {

    /** Bytes of code held when nothing else is said; the analysis adds an eighth. */
    public static final long DEFAULT_LIMIT = 64L << 20;

    /** What an entry costs beside its code. */
    private static final int ENTRY_OVERHEAD = 200;

    private final long limit;
    private final Map<Hash, Code> entries = new LinkedHashMap<>(256, 0.75f, true);
    private long size;

    /** @param limit bytes of code, counting a fixed overhead for each entry */
    public CodeCache(long limit) {
        this.limit = limit;
    }

    /** The code with this hash, taken from {@code source} when it is not here. */
    public Code get(Hash hash, Function<Hash, Bytes> source) {
        if (hash.equals(Hash.EMPTY_CODE)) {
            return Code.EMPTY;
        }
        synchronized (entries) {
            Code known = entries.get(hash);
            if (known != null) {
                return known;
            }
        }
        Code code = new Code(source.apply(hash).toArrayUnsafe(), hash);
        synchronized (entries) {
            Code earlier = entries.putIfAbsent(hash, code);
            if (earlier != null) {
                return earlier;
            }
            size += cost(code);
            var eldest = entries.values().iterator();
            while (size > limit && eldest.hasNext()) {
                size -= cost(eldest.next());
                eldest.remove();
            }
        }
        return code;
    }

    /** Bytes now held. */
    public long size() {
        synchronized (entries) {
            return size;
        }
    }

    private static long cost(Code code) {
        return (long) code.size() + ENTRY_OVERHEAD;
    }
}
