package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Contracts whose calls ran ahead again and again without one inference, such as tokens: of their further calls only a
 * sample is run ahead, as a contract may begin to use models. Used by one thread.
 */
final class QuietTargets {

    /** Calls in succession without an inference before a contract counts as quiet. */
    static final int PATIENCE = 16;

    /** One call in so many is still run; a power of two. */
    static final int SAMPLE = 64;

    /** Contracts remembered, those called last. */
    static final int MAX_TARGETS = 4_096;

    private final Map<Address, Integer> callsWithout = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Integer> eldest) {
            return size() > MAX_TARGETS;
        }
    };

    /** Whether this call of {@code target} is to be run. */
    boolean isWorthRunning(Address target, Hash transaction) {
        return callsWithout.getOrDefault(target, 0) < PATIENCE || (transaction.w3() & (SAMPLE - 1)) == 0;
    }

    /** What came of a call that was run. */
    void note(Address target, boolean inferred) {
        if (inferred) {
            callsWithout.remove(target);
        } else {
            callsWithout.merge(target, 1, (before, one) -> Math.min(PATIENCE, before + one));
        }
    }
}
