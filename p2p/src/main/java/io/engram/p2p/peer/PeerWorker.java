package io.engram.p2p.peer;

import io.engram.p2p.rlpx.Capability;
import io.engram.p2p.rlpx.DisconnectReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one peer's messages from the event loop to the protocols, on a virtual thread. A peer that sends faster than its
 * messages are handled, or than its rate allows, is read more slowly.
 */
final class PeerWorker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PeerWorker.class);

    private final Peer peer;
    private final Map<Capability, SubProtocol> protocols;
    private final TokenBucket rate =
            new TokenBucket(PeerLimits.MESSAGES_PER_SECOND, PeerLimits.MESSAGE_BURST, System::nanoTime);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean paused;
    private boolean ended;

    private record Message(Capability capability, int code, Bytes payload) {}

    /** @param protocols by the capabilities shared with the peer */
    PeerWorker(Peer peer, Map<Capability, SubProtocol> protocols) {
        this.peer = peer;
        this.protocols = Map.copyOf(protocols);
    }

    Peer peer() {
        return peer;
    }

    /** A message came; on the event loop. */
    void offer(Capability capability, int code, Bytes payload) {
        lock.lock();
        try {
            queue.add(new Message(capability, code, payload));
            queuedBytes += payload.size();
            if (!paused && (queue.size() >= PeerLimits.QUEUED_MESSAGES || queuedBytes >= PeerLimits.QUEUED_BYTES)) {
                paused = true;
                peer.session().setReading(false);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The session is over; on the event loop. What came before is still handled. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        List<Capability> connected = new ArrayList<>();
        try {
            for (Map.Entry<Capability, SubProtocol> entry : protocols.entrySet()) {
                connected.add(entry.getKey());
                entry.getValue().onConnected(peer, entry.getKey());
            }
            Optional<Message> next = take();
            while (next.isPresent()) {
                Message message = next.get();
                pace();
                Optional.ofNullable(protocols.get(message.capability()))
                        .orElseThrow()
                        .onMessage(peer, message.capability(), message.code(), message.payload());
                next = take();
            }
        } catch (WireException e) {
            LOG.debug("{} dropped: {}", peer, e.getMessage());
            peer.disconnect(e.reason());
            if (e.reason() == DisconnectReason.PROTOCOL_BREACH) {
                peer.penalise(Penalty.BREACH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            peer.disconnect(DisconnectReason.CLIENT_QUITTING);
        } catch (RuntimeException e) {
            LOG.error("a handler failed on a message of {}", peer, e);
            peer.disconnect(DisconnectReason.SUBPROTOCOL);
        } finally {
            discard();
            connected.forEach(this::disconnected);
        }
    }

    private void disconnected(Capability capability) {
        try {
            Optional.ofNullable(protocols.get(capability)).orElseThrow().onDisconnected(peer, capability);
        } catch (RuntimeException e) {
            LOG.error("a handler failed on the end of {}", peer, e);
        }
    }

    /** The next message; empty when there will be none. */
    private Optional<Message> take() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !ended) {
                changed.await();
            }
            Optional<Message> next = Optional.ofNullable(queue.poll());
            next.ifPresent(message -> queuedBytes -= message.payload().size());
            if (paused
                    && queue.size() <= PeerLimits.QUEUED_MESSAGES / 2
                    && queuedBytes <= PeerLimits.QUEUED_BYTES / 2) {
                paused = false;
                peer.session().setReading(true);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void pace() throws InterruptedException {
        Duration wait = rate.take();
        if (!wait.isZero()) {
            Thread.sleep(wait);
        }
    }

    private void discard() {
        lock.lock();
        try {
            queue.clear();
            queuedBytes = 0;
        } finally {
            lock.unlock();
        }
    }
}
