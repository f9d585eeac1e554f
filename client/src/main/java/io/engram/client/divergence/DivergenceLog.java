package io.engram.client.divergence;

import io.engram.client.divergence.Divergence.Verdict;
import io.engram.genesis.Hash;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The divergences found since the start, counted by verdict; the latest are kept whole. Thread-safe. */
public final class DivergenceLog {

    /** Reports kept. */
    static final int KEPT = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Divergence> latest = new ArrayDeque<>();
    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);

    void add(Divergence divergence) {
        lock.lock();
        try {
            latest.addLast(divergence);
            if (latest.size() > KEPT) {
                Divergence _ = latest.removeFirst();
            }
            counts.merge(divergence.verdict(), 1L, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the place of a block's divergence is known: a block is judged as a proposal and again when it is decided. */
    boolean isPlaced(Hash block) {
        return latest().stream()
                .anyMatch(found -> found.block().equals(block) && found.place().isPresent());
    }

    /** The latest, oldest first. */
    public List<Divergence> latest() {
        lock.lock();
        try {
            return List.copyOf(latest);
        } finally {
            lock.unlock();
        }
    }

    public long count(Verdict verdict) {
        lock.lock();
        try {
            return counts.getOrDefault(verdict, 0L);
        } finally {
            lock.unlock();
        }
    }
}
