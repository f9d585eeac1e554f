package io.engram.client.node;

import io.engram.client.rpc.NetworkView;
import io.engram.client.sync.ChainNetwork;
import io.engram.client.sync.ChainSync;
import io.engram.client.sync.ImportGate;
import io.engram.genesis.crypto.KeyPair;
import io.engram.p2p.discovery.Discovery;
import io.engram.p2p.discovery.DiscoveryOptions;
import io.engram.p2p.discovery.DiscoveryV5;
import io.engram.p2p.discovery.v4.DiscoveryV4;
import io.engram.p2p.eth.ChainHead;
import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.PeerNetwork;
import io.engram.p2p.peer.PeerOptions;
import io.engram.p2p.peer.SubProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node among others: its peers, its chain on the network, and how it finds nodes. Thread-safe. */
public final class NodeNetwork implements NetworkView, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeNetwork.class);

    private final NetworkOptions options;
    private final ChainNetwork chain;
    private final PeerNetwork peers;
    private final EnodeUrl enode;
    private final List<Discovery> discovery = new ArrayList<>();
    private final AtomicReference<ForkId> announced;

    private NodeNetwork(Node node, KeyPair key, NetworkOptions options, List<SubProtocol> more, ImportGate gate)
            throws IOException {
        this.options = options;
        this.chain = new ChainNetwork(
                node.chain(),
                node.importer(),
                node.validators(),
                node.pool(),
                node.config(),
                options.networkId().orElseGet(() -> node.config().chainId().toLong()),
                gate,
                InstantSource.system());
        PeerOptions defaults = PeerOptions.of(ClientVersion.text(), options.maxPeers());
        this.peers = new PeerNetwork(
                key,
                new PeerOptions(defaults.clientId(), defaults.maxPeers(), defaults.maxInbound(), options.allowList()),
                Stream.concat(Stream.of(chain.protocol()), more.stream()).toList(),
                InstantSource.system());
        int port = peers.listen(options.listen());
        this.enode = new EnodeUrl(peers.self(), options.advertisedHost(), port, port);
        options.staticNodes().forEach(peers::addPersistent);
        options.bootNodes().forEach(peers::addBootNode);
        options.discovery().forEach(version -> discovery.add(discovery(version, key, port)));
        this.announced = new AtomicReference<>(forkId());
        node.chain().onChange(event -> announceFork());
    }

    /**
     * @param more protocols beside eth
     * @param gate what blocks of others wait for
     * @throws IOException when the port is not to be had
     */
    static NodeNetwork open(Node node, KeyPair key, NetworkOptions options, List<SubProtocol> more, ImportGate gate)
            throws IOException {
        return new NodeNetwork(node, key, options, more, gate);
    }

    private Discovery discovery(NetworkOptions.DiscoveryVersion version, KeyPair key, int tcpPort) {
        int udpPort = version == NetworkOptions.DiscoveryVersion.V4 ? tcpPort : options.discoveryV5Port();
        DiscoveryOptions common = new DiscoveryOptions(
                new InetSocketAddress(options.listen().getAddress(), udpPort),
                options.advertisedHost(),
                tcpPort,
                options.bootNodes(),
                forkId(),
                this::accepts,
                peers::addCandidate);
        return switch (version) {
            case V4 -> new DiscoveryV4(key, common, InstantSource.system());
            case V5 -> new DiscoveryV5(key, common, options.bootRecords());
        };
    }

    private ForkId forkId() {
        ChainHead head = chain.backend().head();
        return chain.backend().forkIds().at(head.number(), head.timestamp());
    }

    /** Tells those who look for nodes when the chain has passed a fork. */
    private void announceFork() {
        ForkId now = forkId();
        if (!now.equals(announced.getAndSet(now))) {
            discovery.forEach(version -> version.updateForkId(now));
        }
    }

    private boolean accepts(ForkId remote) {
        ChainHead head = chain.backend().head();
        return chain.backend().forkIds().accepts(remote, head.number(), head.timestamp());
    }

    /** Begins to sync, to dial and to look for nodes; a discovery port that is taken is reported, and peers do without. */
    void start() {
        LOG.info("Listening for peers as {}", enode);
        chain.start();
        peers.start();
        for (Discovery version : discovery) {
            try {
                int port = version.start();
                LOG.info("{} on UDP port {}", version.getClass().getSimpleName(), port);
            } catch (IOException e) {
                LOG.error("No node discovery: {}", e.getMessage());
            }
        }
    }

    /** This node as others write it. */
    public EnodeUrl enode() {
        return enode;
    }

    public PeerNetwork peers() {
        return peers;
    }

    public ChainNetwork chain() {
        return chain;
    }

    @Override
    public boolean isListening() {
        return true;
    }

    @Override
    public int peerCount() {
        return peers.peers().size();
    }

    @Override
    public Optional<Syncing> syncing() {
        return chain.sync().progress().map(NodeNetwork::view);
    }

    private static Syncing view(ChainSync.Progress progress) {
        return new Syncing(progress.starting(), progress.current(), progress.highest());
    }

    @Override
    public void close() {
        discovery.forEach(Discovery::close);
        peers.close();
        chain.close();
    }
}
