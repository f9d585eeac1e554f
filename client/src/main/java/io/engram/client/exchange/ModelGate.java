package io.engram.client.exchange;

import io.engram.genesis.Hash;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a block back while models that it may call are on their way, so that a node that catches up does not stumble over each
 * first call. A block that calls none of them needs none: after a while it passes all the same. Used by one thread.
 */
final class ModelGate {

    private static final Logger LOG = LoggerFactory.getLogger(ModelGate.class);

    private final LongFunction<Set<Hash>> absent;
    private final Predicate<Hash> isOffered;

    /** Models that are waited for, or were in vain, and when ({@link System#nanoTime}) that began. */
    private final Map<Hash, Long> since = new HashMap<>();

    /**
     * @param absent the models that a block may call and that are not here
     * @param isOffered whether a peer says that it holds a model
     */
    ModelGate(LongFunction<Set<Hash>> absent, Predicate<Hash> isOffered) {
        this.absent = absent;
        this.isOffered = isOffered;
    }

    void await(long block) throws InterruptedException {
        while (isWorthWaiting(absent.apply(block), block)) {
            Thread.sleep(ExchangeLimits.GATE_POLL);
        }
    }

    private boolean isWorthWaiting(Set<Hash> lacking, long block) {
        since.keySet().retainAll(lacking);
        long now = System.nanoTime();
        boolean worth = false;
        for (Hash id : lacking) {
            Long begun = since.putIfAbsent(id, now);
            if (begun == null) {
                LOG.info("Block {} waits for model {}", block, id);
                worth = true;
            } else {
                Duration patience = isOffered.test(id) ? ExchangeLimits.GATE : ExchangeLimits.GATE_UNOFFERED;
                worth |= now - begun < patience.toNanos();
            }
        }
        return worth;
    }
}
