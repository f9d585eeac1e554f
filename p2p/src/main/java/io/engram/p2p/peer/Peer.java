package io.engram.p2p.peer;

import io.engram.p2p.rlpx.Capability;
import io.engram.p2p.rlpx.DisconnectReason;
import io.engram.p2p.rlpx.Session;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** A connected node. Thread-safe. Two peers are equal when they are the same session. */
public final class Peer {

    private final NodeId id;
    private final Session session;
    private final boolean persistent;
    private final Reputation reputation;

    Peer(Session session, boolean persistent, Reputation reputation) {
        this.id = new NodeId(session.remoteId());
        this.session = session;
        this.persistent = persistent;
        this.reputation = reputation;
    }

    public NodeId id() {
        return id;
    }

    /** What the peer calls itself. */
    public String clientId() {
        return session.remoteHello().clientId();
    }

    /** Protocols in use with the peer. */
    public List<Capability> capabilities() {
        return session.capabilities().shared();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) session.remoteAddress();
    }

    /** The peer's address with the port it says it listens on; port 0 when it does not listen. */
    public InetSocketAddress listenAddress() {
        return new InetSocketAddress(
                address().getAddress(), session.remoteHello().listenPort() & 0xffff);
    }

    /** Whether this side dialled. */
    public boolean isOutbound() {
        return session.isOutbound();
    }

    /** Whether an operator named the node: it is let in above the limits, never banned, and dialled again when lost. */
    public boolean isPersistent() {
        return persistent;
    }

    /**
     * Queues a message. A peer that lets its queue run full is too slow to be of use and is dropped.
     *
     * @return whether the message was queued
     */
    public boolean send(Capability capability, int code, Bytes payload) {
        boolean queued = session.send(capability, code, payload);
        if (!queued) {
            session.disconnect(DisconnectReason.USELESS_PEER);
        }
        return queued;
    }

    /** Holds something against the peer; enough of it ends the session and bans the node. */
    public void penalise(Penalty penalty) {
        if (!persistent && reputation.penalise(id, penalty)) {
            session.disconnect(DisconnectReason.USELESS_PEER);
        }
    }

    public void disconnect(DisconnectReason reason) {
        session.disconnect(reason);
    }

    Session session() {
        return session;
    }

    @Override
    public String toString() {
        return id + "@" + address();
    }
}
