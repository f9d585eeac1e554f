package io.engram.client.exchange;

import io.engram.genesis.Hash;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a block back while models that it may call are on their way, so that a node that catches up does not stumble over each
 * first call. A block that calls none of them needs none: after a while it passes all the same. Used by one thread.
 */
final class ModelGate {

    private static final Logger LOG = LoggerFactory.getLogger(ModelGate.class);

    private final LongFunction<Set<Hash>> coming;

    /** Models that are on their way, and when ({@link System#nanoTime}) they were first waited for. */
    private final Map<Hash, Long> since = new HashMap<>();

    /** @param coming the models that a block may call, that are not here, and that somebody gives */
    ModelGate(LongFunction<Set<Hash>> coming) {
        this.coming = coming;
    }

    void await(long block) throws InterruptedException {
        Set<Hash> absent = coming.apply(block);
        while (isWorthWaiting(absent, block)) {
            Thread.sleep(ExchangeLimits.GATE_POLL);
            absent = coming.apply(block);
        }
    }

    private boolean isWorthWaiting(Set<Hash> absent, long block) {
        since.keySet().retainAll(absent);
        long now = System.nanoTime();
        boolean worth = false;
        for (Hash id : absent) {
            Long begun = since.putIfAbsent(id, now);
            if (begun == null) {
                LOG.info("Block {} waits for model {}", block, id);
            }
            worth |= begun == null || now - begun < ExchangeLimits.GATE.toNanos();
        }
        return worth;
    }
}
