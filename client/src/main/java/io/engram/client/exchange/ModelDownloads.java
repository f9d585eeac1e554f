package io.engram.client.exchange;

import io.engram.client.model.ModelStore;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.p2p.mdl.MdlPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the models that are wanted. One worker takes any of them, one those that calls may come for, one only those that a
 * block calls, so that nothing less pressing is in their way. Thread-safe.
 */
final class ModelDownloads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelDownloads.class);

    private final ModelStore store;
    private final Function<Hash, List<MdlPeer>> holders;
    private final Runnable onEnd;
    private final ChunkRate rate = new ChunkRate();
    private final LongAdder received = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashMap<Hash, Wanted> wanted = new LinkedHashMap<>();
    private final Map<Hash, Long> pausedUntil = new HashMap<>();
    private final Set<Hash> running = new HashSet<>();
    private final LinkedHashMap<Hash, Refusal> refusals = new LinkedHashMap<>();
    private final List<Thread> workers = new ArrayList<>();

    /** What was wanted, and why it is not taken. */
    private record Refusal(Wanted wanted, ModelDownload.Outcome.Refused outcome) {
        /** Whether it would end the same. */
        boolean covers(Wanted one) {
            return outcome.forGood() || wanted.sizes().containsAll(one.sizes());
        }
    }

    /** @param onEnd called, from a worker, when a download has ended; must return at once */
    ModelDownloads(ModelStore store, Function<Hash, List<MdlPeer>> holders, Runnable onEnd) {
        this.store = store;
        this.holders = holders;
        this.onEnd = onEnd;
    }

    void start() {
        for (Wanted.Priority least : Wanted.Priority.values()) {
            workers.add(Thread.ofVirtual().name("models-" + least).start(() -> work(least)));
        }
    }

    /** Replaces all that was wanted; downloads that are under way go on. */
    void want(List<Wanted> all) {
        lock.lock();
        try {
            wanted.clear();
            for (Wanted one : all) {
                if (wanted.size() < ExchangeLimits.WANTED && !isRefused(one)) {
                    wanted.merge(one.modelId(), one, ModelDownloads::morePressing);
                }
            }
            pausedUntil.keySet().retainAll(wanted.keySet());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Removes what is left of downloads that nobody wants any more. */
    void clean() throws IOException {
        for (Hash id : PartialModel.list(store.folder())) {
            boolean idle;
            lock.lock();
            try {
                idle = !wanted.containsKey(id) && !running.contains(id);
            } finally {
                lock.unlock();
            }
            if (idle) {
                PartialModel.delete(store.folder(), id);
            }
        }
    }

    private static Wanted morePressing(Wanted a, Wanted b) {
        Set<Long> sizes = new HashSet<>(a.sizes());
        sizes.addAll(b.sizes());
        return new Wanted(a.modelId(), a.priority().compareTo(b.priority()) >= 0 ? a.priority() : b.priority(), sizes);
    }

    private boolean isRefused(Wanted one) {
        Refusal refusal = refusals.get(one.modelId());
        return refusal != null && refusal.covers(one);
    }

    /** Why this node does not take a model that it has fetched or begun to fetch. */
    Optional<String> refusal(Hash modelId) {
        lock.lock();
        try {
            return Optional.ofNullable(refusals.get(modelId))
                    .map(refusal -> refusal.outcome().reason());
        } finally {
            lock.unlock();
        }
    }

    /** Chunks that peers gave and that belonged. */
    long received() {
        return received.sum();
    }

    private void work(Wanted.Priority least) {
        try {
            while (true) {
                Wanted next = next(least);
                Optional<ModelDownload.Outcome> outcome = Optional.empty();
                try {
                    outcome = Optional.of(download(next));
                } finally {
                    ended(next, outcome);
                }
                onEnd.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ModelDownload.Outcome download(Wanted next) throws InterruptedException {
        try {
            return new ModelDownload(next, store, rate, holders, received).run();
        } catch (IOException | LocalFaultException e) {
            return new ModelDownload.Outcome.Stalled(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("The download of model {} failed", next.modelId(), e);
            return new ModelDownload.Outcome.Stalled(e.toString());
        }
    }

    /** Waits for the most pressing model that is at least as pressing as this and that somebody holds. */
    private Wanted next(Wanted.Priority least) throws InterruptedException {
        while (true) {
            List<Wanted> candidates = candidates(least);
            for (Wanted candidate : candidates) {
                boolean available = store.contains(candidate.modelId())
                        || !holders.apply(candidate.modelId()).isEmpty();
                if (available && take(candidate)) {
                    return candidate;
                }
            }
            lock.lock();
            try {
                boolean _ = changed.await(ExchangeLimits.LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                lock.unlock();
            }
        }
    }

    private List<Wanted> candidates(Wanted.Priority least) {
        lock.lock();
        try {
            long now = System.nanoTime();
            pausedUntil.values().removeIf(until -> until - now <= 0);
            return wanted.values().stream()
                    .filter(one -> one.priority().compareTo(least) >= 0)
                    .filter(one -> !running.contains(one.modelId()) && !pausedUntil.containsKey(one.modelId()))
                    .sorted((a, b) -> b.priority().compareTo(a.priority()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private boolean take(Wanted candidate) {
        lock.lock();
        try {
            return wanted.containsKey(candidate.modelId()) && running.add(candidate.modelId());
        } finally {
            lock.unlock();
        }
    }

    private void ended(Wanted done, Optional<ModelDownload.Outcome> outcome) {
        Hash id = done.modelId();
        lock.lock();
        try {
            running.remove(id);
            pausedUntil.put(id, System.nanoTime() + ExchangeLimits.PAUSE.toNanos());
            if (outcome.isPresent() && outcome.get() instanceof ModelDownload.Outcome.Refused refused) {
                refusals.remove(id);
                refusals.put(id, new Refusal(done, refused));
                if (refusals.size() > ExchangeLimits.REFUSALS) {
                    refusals.pollFirstEntry();
                }
                wanted.remove(id);
            } else if (outcome.isPresent() && outcome.get() instanceof ModelDownload.Outcome.Held) {
                refusals.remove(id);
                wanted.remove(id);
            }
        } finally {
            lock.unlock();
        }
        outcome.ifPresent(end -> report(done, end));
    }

    private static void report(Wanted done, ModelDownload.Outcome outcome) {
        switch (outcome) {
            case ModelDownload.Outcome.Held held ->
                LOG.info(
                        "Model {} is here: {} bytes",
                        held.model().id(),
                        held.model().facts().fileBytes());
            case ModelDownload.Outcome.Refused refused ->
                LOG.warn("Model {} is refused: {}", done.modelId(), refused.reason());
            case ModelDownload.Outcome.Stalled stalled ->
                LOG.debug("Model {} is not here yet: {}", done.modelId(), stalled.reason());
        }
    }

    /** Breaks off what is under way; it can be gone on with. */
    @Override
    public void close() {
        workers.forEach(Thread::interrupt);
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
