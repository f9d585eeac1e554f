package io.engram.p2p.peer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The requests of one protocol to one peer that wait for an answer. Thread-safe. */
public final class PendingRequests {

    private final Peer peer;
    private final int capacity;
    private final Duration timeout;
    private final Map<Long, Pending> byId = new HashMap<>();
    private long lastId;
    private boolean closed;

    /** @param limit most items that the answer may hold */
    private record Pending(Class<? extends Answer> answer, int limit, CompletableFuture<Answer> future) {}

    /**
     * @param capacity requests at once; one more fails
     * @param timeout after which a request fails and speaks against the peer
     */
    public PendingRequests(Peer peer, int capacity, Duration timeout) {
        this.peer = peer;
        this.capacity = capacity;
        this.timeout = timeout;
    }

    /** A number for a request, and what its answer will complete. */
    public record Opened(long id, CompletableFuture<Answer> answer) {}

    /** @param limit most items that the answer may hold */
    public Opened open(Class<? extends Answer> answer, int limit) {
        CompletableFuture<Answer> future = new CompletableFuture<>();
        long id;
        String refusal;
        synchronized (this) {
            id = ++lastId;
            if (closed) {
                refusal = peer + " is gone";
            } else if (byId.size() >= capacity) {
                refusal = "too many requests to " + peer;
            } else {
                refusal = "";
                byId.put(id, new Pending(answer, limit, future));
            }
        }
        if (refusal.isEmpty()) {
            expire(id);
        } else {
            future.completeExceptionally(new RequestException(refusal));
        }
        return new Opened(id, future);
    }

    private void expire(long id) {
        CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    Pending late = take(id);
                    if (late != null) {
                        peer.penalise(Penalty.TIMEOUT);
                        late.future().completeExceptionally(new RequestException(peer + " did not answer in time"));
                    }
                });
    }

    private synchronized @Nullable Pending take(long id) {
        return byId.remove(id);
    }

    /** An answer came; one that nobody waits for, or that holds more than was asked for, speaks against the peer. */
    public void answered(Answer answer) {
        Pending pending = take(answer.requestId());
        if (pending == null) {
            peer.penalise(Penalty.USELESS);
        } else if (!pending.answer().isInstance(answer) || answer.items().size() > pending.limit()) {
            peer.penalise(Penalty.INVALID_DATA);
            pending.future().completeExceptionally(new RequestException(peer + " answered something else"));
        } else {
            pending.future().complete(answer);
        }
    }

    /** The peer is gone: every request fails. */
    public void close() {
        List<Pending> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(byId.values());
            byId.clear();
        }
        open.forEach(pending -> pending.future().completeExceptionally(new RequestException(peer + " is gone")));
    }
}
