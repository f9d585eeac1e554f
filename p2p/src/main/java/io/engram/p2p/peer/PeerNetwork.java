package io.engram.p2p.peer;

import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.rlpx.Capability;
import io.engram.p2p.rlpx.DisconnectReason;
import io.engram.p2p.rlpx.RlpxEndpoint;
import io.engram.p2p.rlpx.Session;
import io.engram.p2p.rlpx.SessionListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peers of this node: listens, dials, lets in and keeps out, and hands messages to the protocols. Thread-safe.
 *
 * <p>Persistent nodes (static nodes, those added by an operator) are dialled whenever they are not connected, whatever the
 * limits. Others are dialled while fewer than {@link PeerOptions#maxPeers} are connected. Of two sessions with one node that
 * began at the same time, both sides keep the one that the smaller node id dialled; otherwise a new session takes the place of
 * the old one, as a node that dials again has lost it.
 */
public final class PeerNetwork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeerNetwork.class);

    private final NodeId self;
    private final PeerOptions options;
    private final Map<Capability, SubProtocol> protocols;
    private final InstantSource clock;
    private final Reputation reputation;
    private final Dialler dialler;
    private final RlpxEndpoint endpoint;
    private final PeerStatistics statistics = new PeerStatistics();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** By session, as messages come; by node, one each. The second is guarded by this object's monitor. */
    private final Map<Session, Member> sessions = new ConcurrentHashMap<>();

    private final Map<NodeId, Member> members = new LinkedHashMap<>();
    private volatile Optional<Set<NodeId>> allowList;

    private record Member(Peer peer, Map<Capability, ProtocolWorker> workers, Instant since) {}

    public PeerNetwork(KeyPair node, PeerOptions options, List<SubProtocol> protocols, InstantSource clock) {
        this.self = NodeId.of(node);
        this.options = options;
        this.clock = clock;
        this.reputation = new Reputation(clock);
        this.dialler = new Dialler(clock, RandomGenerator.getDefault());
        this.allowList = options.allowList();
        Map<Capability, SubProtocol> byCapability = new HashMap<>();
        Map<Capability, Integer> messages = new HashMap<>();
        for (SubProtocol protocol : protocols) {
            protocol.versions().forEach((capability, count) -> {
                byCapability.put(capability, protocol);
                messages.put(capability, count);
            });
        }
        this.protocols = Map.copyOf(byCapability);
        this.endpoint = new RlpxEndpoint(node, options.clientId(), messages, new Sessions());
    }

    /**
     * Begins to take connections.
     *
     * @param address port 0 for any free one
     * @return the port in use
     */
    public int listen(InetSocketAddress address) throws IOException {
        return endpoint.listen(address);
    }

    /** Begins to dial. */
    public void start() {
        Thread.ofVirtual().name("dialler").start(this::dialUntilClosed);
    }

    public NodeId self() {
        return self;
    }

    /** The connected peers, in the order in which they came. */
    public synchronized List<Peer> peers() {
        return members.values().stream().map(Member::peer).toList();
    }

    public synchronized Optional<Peer> peer(NodeId id) {
        return Optional.ofNullable(members.get(id)).map(Member::peer);
    }

    /**
     * Keeps a connection to this node from now on; lifts a ban.
     *
     * @return false when there are {@link PeerLimits#PERSISTENT_NODES} already
     */
    public boolean addPersistent(EnodeUrl node) {
        reputation.forgive(node.id());
        return node.id().equals(self) || dialler.addPersistent(node);
    }

    /** Ends {@link #addPersistent} and the connection, if any. */
    public boolean removePersistent(NodeId node) {
        boolean was = dialler.removePersistent(node);
        peer(node).ifPresent(peer -> peer.disconnect(DisconnectReason.REQUESTED));
        return was;
    }

    /** A node that is dialled again and again while there is room. */
    public void addBootNode(EnodeUrl node) {
        if (!node.id().equals(self)) {
            dialler.addBootNode(node);
        }
    }

    /** A node that may be dialled when there is room; forgotten when it cannot be reached. */
    public void addCandidate(EnodeUrl node) {
        if (!node.id().equals(self)) {
            dialler.addCandidate(node);
        }
    }

    public boolean isBanned(NodeId node) {
        return reputation.isBanned(node);
    }

    public PeerStatistics statistics() {
        return statistics;
    }

    /** Whether discovery should look for more nodes. */
    public boolean hasRoom() {
        return room() > 0;
    }

    /** Replaces the allow-list; peers that are no longer allowed are disconnected. */
    public void allowOnly(Optional<Set<NodeId>> nodes) {
        allowList = nodes.map(Set::copyOf);
        peers().stream()
                .filter(peer -> !isAllowed(peer.id()))
                .forEach(peer -> peer.disconnect(DisconnectReason.REQUESTED));
    }

    private boolean isAllowed(NodeId node) {
        return dialler.isPersistent(node)
                || allowList.map(allowed -> allowed.contains(node)).orElse(true);
    }

    private synchronized int room() {
        long counted = members.values().stream()
                .filter(member -> !member.peer().isPersistent())
                .count();
        return (int) Math.max(0, options.maxPeers() - counted);
    }

    private void dialUntilClosed() {
        try {
            do {
                Set<NodeId> connected = connected();
                dialler.due(room(), node -> !connected.contains(node) && isWelcome(node))
                        .forEach(node ->
                                Thread.ofVirtual().name("dial " + node.id()).start(() -> dial(node)));
            } while (!closing.await(PeerLimits.DIAL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Set<NodeId> connected() {
        return Set.copyOf(members.keySet());
    }

    /** Asked under the dialler's lock, so it must not take this object's, under which the dialler is asked. */
    private boolean isWelcome(NodeId node) {
        return !reputation.isBanned(node) && isAllowed(node);
    }

    private void dial(EnodeUrl node) {
        statistics.dialled();
        InetSocketAddress address = node.tcpAddress();
        if (address.isUnresolved()) {
            LOG.debug("cannot dial {}: no such host", node);
            statistics.dialFailed();
            dialler.ended(node.id(), false);
            return;
        }
        var _ = endpoint.connect(address, node.id().publicKey()).whenComplete((session, failure) -> {
            if (failure != null) {
                LOG.debug("cannot dial {}: {}", node, failure.getMessage());
                statistics.dialFailed();
            }
            dialler.ended(node.id(), failure == null);
        });
    }

    /** Why a new session may not stay; empty when it may. */
    private Optional<DisconnectReason> objection(Session session, NodeId id, boolean persistent) {
        if (!isAllowed(id)) {
            return Optional.of(DisconnectReason.REQUESTED);
        }
        if (persistent) {
            return Optional.empty();
        }
        if (reputation.isBanned(id)) {
            return Optional.of(DisconnectReason.USELESS_PEER);
        }
        List<Member> counted = members.values().stream()
                .filter(member ->
                        !member.peer().isPersistent() && !member.peer().id().equals(id))
                .toList();
        long inbound =
                counted.stream().filter(member -> !member.peer().isOutbound()).count();
        boolean full = counted.size() >= options.maxPeers()
                || (!session.isOutbound() && inbound >= options.maxInbound())
                || !AddressLimits.admits(
                        counted.stream()
                                .map(member -> member.peer().address().getAddress())
                                .toList(),
                        ((InetSocketAddress) session.remoteAddress()).getAddress());
        return full ? Optional.of(DisconnectReason.TOO_MANY_PEERS) : Optional.empty();
    }

    /** Whether a second session with a node takes the place of the first. */
    private boolean replaces(Session session, NodeId id, Member present) {
        boolean simultaneous =
                present.since().plus(PeerLimits.SIMULTANEOUS_DIAL).isAfter(clock.instant());
        if (!simultaneous || session.isOutbound() == present.peer().isOutbound()) {
            return !simultaneous;
        }
        return session.isOutbound() == (self.compareTo(id) < 0);
    }

    private synchronized void admit(Session session) {
        NodeId id = new NodeId(session.remoteId());
        boolean persistent = dialler.isPersistent(id);
        Optional<Member> present = Optional.ofNullable(members.get(id));
        Optional<DisconnectReason> objection = closing.getCount() == 0
                ? Optional.of(DisconnectReason.CLIENT_QUITTING)
                : present.filter(member -> !replaces(session, id, member))
                        .map(member -> DisconnectReason.ALREADY_CONNECTED)
                        .or(() -> objection(session, id, persistent));
        if (objection.isPresent()) {
            statistics.refused();
            session.disconnect(objection.get());
            return;
        }
        present.ifPresent(member -> member.peer().disconnect(DisconnectReason.ALREADY_CONNECTED));
        Peer peer = new Peer(session, persistent, reputation);
        ReadingGate gate = new ReadingGate(session);
        Map<Capability, ProtocolWorker> workers = new HashMap<>();
        for (Capability version : session.capabilities().shared()) {
            SubProtocol protocol = Optional.ofNullable(protocols.get(version)).orElseThrow();
            workers.put(version, new ProtocolWorker(peer, version, protocol, gate));
        }
        Member member = new Member(peer, Map.copyOf(workers), clock.instant());
        members.put(id, member);
        sessions.put(session, member);
        LOG.debug("{} connected, {}", peer, peer.clientId());
        member.workers()
                .forEach((version, worker) ->
                        Thread.ofVirtual().name(version + " " + id).start(worker));
    }

    private synchronized void forget(Session session, DisconnectReason reason) {
        Member member = sessions.remove(session);
        if (member == null) {
            return;
        }
        member.workers().values().forEach(ProtocolWorker::end);
        NodeId id = member.peer().id();
        statistics.disconnected(reason);
        LOG.debug("{} disconnected: {}", member.peer(), reason);
        if (members.remove(id, member)) {
            Duration lasted = Duration.between(member.since(), clock.instant());
            if (lasted.compareTo(PeerLimits.STABLE_SESSION) >= 0) {
                dialler.wasStable(id);
            }
        }
    }

    private synchronized boolean admitsAddress(InetAddress address) {
        return AddressLimits.admits(
                members.values().stream()
                        .map(member -> member.peer().address().getAddress())
                        .toList(),
                address);
    }

    /** Tells the peers and ends all sessions. */
    @Override
    public void close() {
        closing.countDown();
        peers().forEach(peer -> peer.disconnect(DisconnectReason.CLIENT_QUITTING));
        endpoint.close();
    }

    /** The event loop's side. */
    private final class Sessions implements SessionListener {

        @Override
        public boolean onAccept(InetAddress address) {
            return admitsAddress(address);
        }

        @Override
        public void onOpen(Session session) {
            admit(session);
        }

        @Override
        public void onMessage(Session session, Capability capability, int code, Bytes payload) {
            Optional.ofNullable(sessions.get(session))
                    .flatMap(member -> Optional.ofNullable(member.workers().get(capability)))
                    .ifPresent(worker -> worker.offer(code, payload));
        }

        @Override
        public void onClose(Session session, DisconnectReason reason) {
            forget(session, reason);
        }
    }
}
