package io.engram.p2p.peer;

import io.engram.p2p.rlpx.DisconnectReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts since the start, for operators. Thread-safe. */
public final class PeerStatistics {

    private final AtomicLong dials = new AtomicLong();
    private final AtomicLong failedDials = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final Map<DisconnectReason, AtomicLong> disconnects = new EnumMap<>(DisconnectReason.class);

    PeerStatistics() {
        for (DisconnectReason reason : DisconnectReason.values()) {
            disconnects.put(reason, new AtomicLong());
        }
    }

    /** Connections that this node tried to make. */
    public long dials() {
        return dials.get();
    }

    /** Dials that ended before the session opened. */
    public long failedDials() {
        return failedDials.get();
    }

    /** Sessions that this node ended at once: not allowed, banned, or no room. */
    public long refusals() {
        return refusals.get();
    }

    /** Sessions that ended for this reason, whichever side gave it; refusals are not among them. */
    public long disconnects(DisconnectReason reason) {
        return counter(reason).get();
    }

    void dialled() {
        dials.incrementAndGet();
    }

    void dialFailed() {
        failedDials.incrementAndGet();
    }

    void refused() {
        refusals.incrementAndGet();
    }

    void disconnected(DisconnectReason reason) {
        counter(reason).incrementAndGet();
    }

    private AtomicLong counter(DisconnectReason reason) {
        AtomicLong counter = disconnects.get(reason);
        if (counter == null) {
            throw new IllegalStateException("every reason has a counter");
        }
        return counter;
    }
}
