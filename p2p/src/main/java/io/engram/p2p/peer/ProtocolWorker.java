package io.engram.p2p.peer;

import io.engram.p2p.rlpx.Capability;
import io.engram.p2p.rlpx.DisconnectReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one peer's messages of one protocol from the event loop to the protocol, on a virtual thread, so that protocols do
 * not wait for each other. A peer that sends faster than its messages are handled, or than its rate allows, is read more slowly.
 */
final class ProtocolWorker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ProtocolWorker.class);

    private final Peer peer;
    private final Capability version;
    private final SubProtocol protocol;
    private final ReadingGate gate;
    private final TokenBucket rate =
            new TokenBucket(PeerLimits.MESSAGES_PER_SECOND, PeerLimits.MESSAGE_BURST, System::nanoTime);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean paused;
    private boolean ended;
    private boolean discarding;

    private record Message(int code, Bytes payload) {}

    ProtocolWorker(Peer peer, Capability version, SubProtocol protocol, ReadingGate gate) {
        this.peer = peer;
        this.version = version;
        this.protocol = protocol;
        this.gate = gate;
    }

    /** A message came; on the event loop. */
    void offer(int code, Bytes payload) {
        lock.lock();
        try {
            if (discarding) {
                return;
            }
            queue.add(new Message(code, payload));
            queuedBytes += payload.size();
            if (!paused && (queue.size() >= PeerLimits.QUEUED_MESSAGES || queuedBytes >= PeerLimits.QUEUED_BYTES)) {
                paused = true;
                gate.pause();
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
        try {
            protocol.onConnected(peer, version);
            Optional<Message> next = take();
            while (next.isPresent()) {
                pace();
                protocol.onMessage(peer, version, next.get().code(), next.get().payload());
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
            disconnected();
        }
    }

    private void disconnected() {
        try {
            protocol.onDisconnected(peer, version);
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
                gate.resume();
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
            discarding = true;
            if (paused) {
                paused = false;
                gate.resume();
            }
        } finally {
            lock.unlock();
        }
    }
}
