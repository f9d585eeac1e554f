package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The inferences of the blocks that this node proposed last, decided or not (protocol F6). Thread-safe. */
public final class ProposedInferences {

    /** Proposals remembered. */
    static final int KEPT = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, List<InferenceReceipt>> kept = new LinkedHashMap<>();

    void note(ExecutedBlock proposal) {
        lock.lock();
        try {
            kept.put(proposal.hash(), proposal.inferences());
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param block on-chain hash */
    public Optional<List<InferenceReceipt>> find(Hash block) {
        lock.lock();
        try {
            return Optional.ofNullable(kept.get(block));
        } finally {
            lock.unlock();
        }
    }
}
