package io.engram.p2p.eth;

import io.engram.p2p.eth.EthMessage.Response;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.Penalty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The requests to one peer that wait for an answer. Thread-safe. */
final class PendingRequests {

    private final Peer peer;
    private final Map<Long, Pending> byId = new HashMap<>();
    private long lastId;
    private boolean closed;

    /** @param limit most items that the answer may hold */
    private record Pending(Class<? extends Response> answer, int limit, CompletableFuture<Response> future) {}

    PendingRequests(Peer peer) {
        this.peer = peer;
    }

    /** A number for a request, and what its answer will complete. */
    record Opened(long id, CompletableFuture<Response> answer) {}

    synchronized Opened open(Class<? extends Response> answer, int limit) {
        lastId++;
        CompletableFuture<Response> future = new CompletableFuture<>();
        if (closed) {
            future.completeExceptionally(new RequestException(peer + " is gone"));
        } else if (byId.size() >= EthLimits.REQUESTS) {
            future.completeExceptionally(new RequestException("too many requests to " + peer));
        } else {
            byId.put(lastId, new Pending(answer, limit, future));
            expire(lastId);
        }
        return new Opened(lastId, future);
    }

    private void expire(long id) {
        CompletableFuture.delayedExecutor(EthLimits.REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
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
    void answered(Response response) {
        Pending pending = take(response.requestId());
        if (pending == null) {
            peer.penalise(Penalty.USELESS);
        } else if (!pending.answer().isInstance(response) || response.items().size() > pending.limit()) {
            peer.penalise(Penalty.INVALID_DATA);
            pending.future().completeExceptionally(new RequestException(peer + " answered something else"));
        } else {
            pending.future().complete(response);
        }
    }

    /** The peer is gone: every request fails. */
    void close() {
        List<Pending> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(byId.values());
            byId.clear();
        }
        open.forEach(pending -> pending.future().completeExceptionally(new RequestException(peer + " is gone")));
    }
}
