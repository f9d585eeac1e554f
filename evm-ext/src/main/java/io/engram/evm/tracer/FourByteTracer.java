package io.engram.evm.tracer;

import io.engram.evm.operation.Opcode;
import io.engram.genesis.Address;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/**
 * Counts the function selectors of a transaction's calls: geth's 4byteTracer. Creations, precompiled contracts and
 * calls with less than four bytes of data are left out. Used by one thread for one transaction.
 */
public final class FourByteTracer implements Tracer {

    /** Different selectors that one trace holds; more are not counted. */
    public static final int MAX_ENTRIES = 100_000;

    private static final int SELECTOR = 4;

    private final Predicate<Address> precompiled;
    private final SortedMap<Key, Integer> counts = new TreeMap<>();
    private boolean truncated;

    /** @param argumentBytes of call data behind the selector */
    public record Key(Bytes selector, int argumentBytes) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = selector.compareTo(other.selector);
            return order != 0 ? order : Integer.compare(argumentBytes, other.argumentBytes);
        }
    }

    /** @param precompiled whether an address is a precompiled contract's */
    public FourByteTracer(Predicate<Address> precompiled) {
        this.precompiled = precompiled;
    }

    /** Whether there were more selectors than are in the result. */
    public boolean isTruncated() {
        return truncated;
    }

    /** How often each selector was called. */
    public SortedMap<Key, Integer> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void enter(CallStart call) {
        boolean creates = call.kind() == Opcode.CREATE || call.kind() == Opcode.CREATE2;
        if (creates || call.input().size() < SELECTOR || precompiled.test(call.to())) {
            return;
        }
        Key key = new Key(call.input().slice(0, SELECTOR).copy(), call.input().size() - SELECTOR);
        if (counts.size() < MAX_ENTRIES || counts.containsKey(key)) {
            counts.merge(key, 1, Integer::sum);
        } else {
            truncated = true;
        }
    }
}
