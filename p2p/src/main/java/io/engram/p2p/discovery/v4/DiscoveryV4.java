package io.engram.p2p.discovery.v4;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.p2p.discovery.Discovery;
import io.engram.p2p.discovery.DiscoveryOptions;
import io.engram.p2p.discovery.NodeRecords;
import io.engram.p2p.discovery.v4.Packet.Neighbor;
import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.AddressLimits;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.NodeId;
import io.engram.p2p.peer.TokenBucket;
import io.engram.p2p.peer.WireException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.ethereum.beacon.discovery.schema.NodeRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discovery v4 on a socket. All state belongs to one event loop, which never waits; names of boot nodes are looked up before it
 * begins. A node counts as found when it has answered a ping and its node record, if it gives one, names an acceptable fork.
 */
public final class DiscoveryV4 implements Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryV4.class);

    /** How long a packet is worth something. */
    private static final Duration EXPIRATION = Duration.ofSeconds(20);

    /** How long an answer is waited for. */
    private static final Duration TIMEOUT = Duration.ofMillis(700);

    /** Time in which a node that answered a first ping sends its own; before that it answers no search. */
    private static final Duration COUNTER_PROOF = Duration.ofMillis(300);

    private static final Duration LOOKUP_INTERVAL = Duration.ofSeconds(20);
    private static final Duration FIRST_LOOKUP = Duration.ofMillis(500);

    /** How often a lookup is made while the table holds few nodes, as in a small network it always does. */
    private static final Duration FEW_NODES_INTERVAL = Duration.ofSeconds(3);

    private static final Duration REVALIDATION_INTERVAL = Duration.ofSeconds(10);
    private static final int FEW_NODES = NodeTable.BUCKET_SIZE;

    /** Pings, searches and record requests that wait for an answer. */
    private static final int MAX_PENDING = 1_024;

    /** Datagrams taken in a second; each costs the recovery of a key. */
    private static final int PACKETS_PER_SECOND = 500;

    private static final int PACKET_BURST = 1_000;

    private final KeyPair keys;
    private final NodeId self;
    private final DiscoveryOptions options;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final NodeTable table;
    private final Bonds bonds = new Bonds();
    private final TokenBucket rate = new TokenBucket(PACKETS_PER_SECOND, PACKET_BURST, System::nanoTime);

    /** By node, as packets of one second with the same content have the same hash. */
    private final Map<NodeId, PendingPing> pings = new HashMap<>();

    private final Map<NodeId, PendingSearch> searches = new HashMap<>();
    private final Map<NodeId, PendingRecord> recordRequests = new HashMap<>();
    private final List<Neighbor> bootNodes = new ArrayList<>();

    private Optional<Channel> channel = Optional.empty();
    private ForkId forkId;
    private Optional<NodeRecord> ownRecord = Optional.empty();
    private long recordSequence;
    private boolean searching;

    /** @param then all told whether the node answered */
    private record PendingPing(Neighbor node, Hash hash, List<Consumer<Boolean>> then) {

        void tell(boolean answered) {
            then.forEach(each -> each.accept(answered));
        }
    }

    private record PendingRecord(Neighbor node, Hash hash) {}

    private record PendingSearch(List<Neighbor> found, Consumer<List<Neighbor>> then) {}

    public DiscoveryV4(KeyPair keys, DiscoveryOptions options, InstantSource clock) {
        this.keys = keys;
        this.self = NodeId.of(keys);
        this.options = options;
        this.clock = clock;
        this.table = new NodeTable(self);
        this.forkId = options.forkId();
    }

    @Override
    public int start() throws IOException {
        for (EnodeUrl node : options.bootNodes()) {
            InetSocketAddress address = node.udpAddress();
            if (address.isUnresolved()) {
                LOG.warn("boot node {} has no address", node.host());
            } else {
                bootNodes.add(
                        new Neighbor(node.id(), new Endpoint(address.getAddress(), address.getPort(), node.tcpPort())));
            }
        }
        ChannelFuture bound = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2 * PacketCodec.MAX_SIZE))
                .handler(new Inbound())
                .bind(options.listen())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on UDP " + options.listen(), bound.cause());
        }
        int port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
        bound.channel().eventLoop().execute(() -> {
            channel = Optional.of(bound.channel());
            renewRecord(port);
            schedule(FIRST_LOOKUP, this::refresh);
            schedule(REVALIDATION_INTERVAL, this::revalidate);
        });
        return port;
    }

    @Override
    public void updateForkId(ForkId changed) {
        group.execute(() -> {
            if (!changed.equals(forkId)) {
                forkId = changed;
                channel.ifPresent(open -> renewRecord(ownPort()));
            }
        });
    }

    private void renewRecord(int port) {
        recordSequence = Math.max(recordSequence + 1, clock.millis());
        ownRecord = Optional.of(
                NodeRecords.local(keys, options.advertisedHost(), port, options.tcpPort(), forkId, recordSequence));
    }

    private int ownPort() {
        return channel.map(open -> ((InetSocketAddress) open.localAddress()).getPort())
                .orElse(0);
    }

    private void schedule(Duration delay, Runnable task) {
        var _ = group.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Endpoint ownEndpoint() {
        InetAddress address = channel.map(open -> ((InetSocketAddress) open.localAddress()).getAddress())
                .orElseGet(InetAddress::getLoopbackAddress);
        return new Endpoint(address, ownPort(), options.tcpPort());
    }

    private long expiration() {
        return clock.instant().plus(EXPIRATION).getEpochSecond();
    }

    private OptionalLong sequence() {
        return OptionalLong.of(recordSequence);
    }

    private Hash send(InetSocketAddress to, Packet packet) {
        PacketCodec.Encoded encoded = PacketCodec.encode(keys, packet);
        channel.ifPresent(open -> {
            ChannelFuture _ = open.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(encoded.datagram()), to));
        });
        return encoded.hash();
    }

    /** Sends a ping, unless one is under way, and tells whether a pong came. */
    private void ping(Neighbor node, Consumer<Boolean> then) {
        PendingPing underWay = pings.get(node.id());
        if (underWay != null) {
            underWay.then().add(then);
            return;
        }
        if (pings.size() >= MAX_PENDING) {
            then.accept(false);
            return;
        }
        Hash hash =
                send(node.endpoint().udp(), new Packet.Ping(ownEndpoint(), node.endpoint(), expiration(), sequence()));
        PendingPing ping = new PendingPing(node, hash, new ArrayList<>(List.of(then)));
        pings.put(node.id(), ping);
        schedule(TIMEOUT, () -> {
            if (pings.remove(node.id(), ping)) {
                ping.tell(false);
            }
        });
    }

    /** Makes sure that both sides have proven their endpoints. */
    private void bond(Neighbor node, Consumer<Boolean> then) {
        if (bonds.isProven(node.id(), node.endpoint().address(), clock.instant())) {
            then.accept(true);
        } else {
            ping(node, answered -> {
                if (answered) {
                    schedule(COUNTER_PROOF, () -> then.accept(true));
                } else {
                    then.accept(false);
                }
            });
        }
    }

    private void search(Neighbor node, Bytes target, Consumer<List<Neighbor>> then) {
        if (searches.containsKey(node.id()) || searches.size() >= MAX_PENDING) {
            then.accept(List.of());
            return;
        }
        PendingSearch search = new PendingSearch(new ArrayList<>(), then);
        searches.put(node.id(), search);
        send(node.endpoint().udp(), new Packet.FindNode(target, expiration()));
        schedule(TIMEOUT, () -> finish(node.id(), search));
    }

    private void finish(NodeId node, PendingSearch search) {
        if (searches.remove(node, search)) {
            search.then().accept(List.copyOf(search.found()));
        }
    }

    private void refresh() {
        if (channel.isEmpty()) {
            return;
        }
        if (!searching) {
            Bytes target = table.size() < FEW_NODES ? self.publicKey() : randomTarget();
            List<Neighbor> known = new ArrayList<>(table.closest(Keccak256.hash(target), NodeTable.BUCKET_SIZE));
            if (known.size() < FEW_NODES) {
                known.addAll(bootNodes);
            }
            searching = true;
            advance(new Lookup(self, Keccak256.hash(target), known), target);
        }
        schedule(table.size() < FEW_NODES ? FEW_NODES_INTERVAL : LOOKUP_INTERVAL, this::refresh);
    }

    private Bytes randomTarget() {
        byte[] target = new byte[Secp256k1.PUBLIC_KEY_SIZE];
        random.nextBytes(target);
        return Bytes.wrap(target);
    }

    private void advance(Lookup lookup, Bytes target) {
        List<Neighbor> next = lookup.next();
        for (Neighbor node : next) {
            bond(node, answered -> {
                if (answered) {
                    search(node, target, found -> {
                        lookup.learn(found);
                        lookup.answered();
                        advance(lookup, target);
                    });
                } else {
                    lookup.answered();
                    advance(lookup, target);
                }
            });
        }
        if (lookup.isOver()) {
            searching = false;
        }
    }

    private void revalidate() {
        if (channel.isEmpty()) {
            return;
        }
        table.someOldest(random)
                .ifPresent(oldest -> ping(oldest, answered -> {
                    if (!answered) {
                        lose(oldest);
                    }
                }));
        schedule(REVALIDATION_INTERVAL, this::revalidate);
    }

    private void lose(Neighbor node) {
        table.remove(node.id());
        bonds.forget(node.id());
    }

    /** A node has answered a ping. */
    private void proven(Neighbor node) {
        boolean isNew = !table.contains(node.id());
        bonds.prove(node.id(), node.endpoint().address(), clock.instant());
        table.seen(node)
                .ifPresent(oldest -> ping(oldest, answered -> {
                    if (!answered) {
                        lose(oldest);
                        table.seen(node);
                    }
                }));
        if (isNew && recordRequests.size() < MAX_PENDING) {
            Hash hash = send(node.endpoint().udp(), new Packet.EnrRequest(expiration()));
            PendingRecord request = new PendingRecord(node, hash);
            recordRequests.put(node.id(), request);
            schedule(TIMEOUT, () -> {
                if (recordRequests.remove(node.id(), request)) {
                    found(node);
                }
            });
        }
    }

    private void found(Neighbor node) {
        Endpoint endpoint = node.endpoint();
        if (endpoint.tcpPort() != 0) {
            options.found()
                    .accept(new EnodeUrl(
                            node.id(), endpoint.address().getHostAddress(), endpoint.tcpPort(), endpoint.udpPort()));
        }
    }

    private void received(InetSocketAddress from, byte[] datagram) throws WireException {
        PacketCodec.Received received = PacketCodec.decode(datagram);
        NodeId sender = received.sender();
        if (sender.equals(self)) {
            return;
        }
        switch (received.packet()) {
            case Packet.Ping ping when isCurrent(ping.expiration()) -> answerPing(from, received, ping);
            case Packet.Pong pong when isCurrent(pong.expiration()) -> acceptPong(from, sender, pong);
            case Packet.FindNode find
            when isCurrent(find.expiration()) && isProven(sender, from) -> answerSearch(from, find);
            case Packet.Neighbors neighbors
            when isCurrent(neighbors.expiration()) -> acceptNeighbors(from, sender, neighbors);
            case Packet.EnrRequest request
            when isCurrent(request.expiration()) && isProven(sender, from) ->
                ownRecord.ifPresent(record -> send(from, new Packet.EnrResponse(received.hash(), record.serialize())));
            case Packet.EnrResponse response -> acceptRecord(sender, response);
            default -> LOG.trace("{} from {} came late or without an endpoint proof", received.packet(), from);
        }
    }

    private boolean isCurrent(long expiration) {
        return Long.compareUnsigned(expiration, clock.instant().getEpochSecond()) >= 0;
    }

    private boolean isProven(NodeId node, InetSocketAddress address) {
        return bonds.isProven(node, address.getAddress(), clock.instant());
    }

    private void answerPing(InetSocketAddress from, PacketCodec.Received received, Packet.Ping ping) {
        Endpoint endpoint =
                new Endpoint(from.getAddress(), from.getPort(), ping.from().tcpPort());
        send(from, new Packet.Pong(endpoint, received.hash(), expiration(), sequence()));
        Instant now = clock.instant();
        if (!bonds.isProven(received.sender(), from.getAddress(), now)
                && pings.values().stream()
                        .noneMatch(pending -> pending.node().id().equals(received.sender()))) {
            ping(new Neighbor(received.sender(), endpoint), answered -> {});
        }
    }

    private void acceptPong(InetSocketAddress from, NodeId sender, Packet.Pong pong) {
        PendingPing pending = pings.get(sender);
        if (pending != null
                && pending.hash().equals(pong.pingHash())
                && pending.node().endpoint().address().equals(from.getAddress())) {
            pings.remove(sender);
            proven(pending.node());
            pending.tell(true);
        }
    }

    private void answerSearch(InetSocketAddress to, Packet.FindNode find) {
        List<Neighbor> nodes = table.closest(Keccak256.hash(find.target()), NodeTable.BUCKET_SIZE).stream()
                .filter(node ->
                        AddressLimits.isPublic(node.endpoint().address()) || !AddressLimits.isPublic(to.getAddress()))
                .toList();
        int sent = 0;
        do {
            int end = Math.min(nodes.size(), sent + PacketCodec.MAX_NEIGHBORS);
            send(to, new Packet.Neighbors(nodes.subList(sent, end), expiration()));
            sent = end;
        } while (sent < nodes.size());
    }

    private void acceptNeighbors(InetSocketAddress from, NodeId sender, Packet.Neighbors neighbors) {
        PendingSearch search = searches.get(sender);
        if (search == null) {
            return;
        }
        for (Neighbor node : neighbors.nodes()) {
            if (search.found().size() < NodeTable.BUCKET_SIZE && isRelayable(from.getAddress(), node.endpoint())) {
                search.found().add(node);
            }
        }
        if (search.found().size() >= NodeTable.BUCKET_SIZE) {
            finish(sender, search);
        }
    }

    /** Nobody on the Internet may make this node send packets into its own network. */
    private static boolean isRelayable(InetAddress sender, Endpoint endpoint) {
        InetAddress address = endpoint.address();
        boolean usable = !address.isAnyLocalAddress() && !address.isMulticastAddress() && endpoint.udpPort() != 0;
        return usable && (AddressLimits.isPublic(address) || !AddressLimits.isPublic(sender));
    }

    private void acceptRecord(NodeId sender, Packet.EnrResponse response) {
        PendingRecord request = recordRequests.get(sender);
        if (request == null || !request.hash().equals(response.requestHash())) {
            return;
        }
        recordRequests.remove(sender);
        boolean acceptable = NodeRecords.decode(response.record())
                .flatMap(NodeRecords::forkId)
                .map(options.acceptable()::test)
                .orElse(true);
        if (acceptable) {
            found(request.node());
        }
    }

    /** How many nodes have answered and are remembered. */
    int tableSize() {
        return group.submit(table::size).awaitUninterruptibly().getNow();
    }

    @Override
    public void close() {
        group.execute(() -> {
            channel.ifPresent(open -> {
                ChannelFuture _ = open.close();
            });
            channel = Optional.empty();
        });
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            int size = packet.content().readableBytes();
            if (size > PacketCodec.MAX_SIZE || !rate.tryTake()) {
                return;
            }
            byte[] datagram = new byte[size];
            packet.content().readBytes(datagram);
            try {
                received(packet.sender(), datagram);
            } catch (WireException e) {
                LOG.trace("{}: {}", packet.sender(), e.getMessage());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                LOG.debug("discovery: {}", cause.getMessage());
            } else {
                LOG.error("discovery", cause);
            }
        }
    }
}
