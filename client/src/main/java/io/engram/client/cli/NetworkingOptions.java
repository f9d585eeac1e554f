package io.engram.client.cli;

import io.engram.client.node.NetworkOptions;
import io.engram.client.node.NetworkOptions.DiscoveryVersion;
import io.engram.p2p.discovery.DiscoveryV5;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.NodeId;
import io.engram.p2p.peer.PeerOptions;
import io.engram.p2p.peer.StaticNodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ethereum.beacon.discovery.schema.NodeRecord;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options about peers, named as Besu names them. */
final class NetworkingOptions {

    private static final int MAX_PORT = 65_535;
    private static final String RECORD_PREFIX = "enr:";

    /** Which discovery protocols run. */
    enum DiscoveryMode {
        V4,
        V5,
        BOTH
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--p2p-enabled",
            arity = "0..1",
            fallbackValue = "true",
            description = "Talk to other nodes: serve, sync and follow the chain (default: false).")
    private boolean enabled;

    @Option(
            names = "--p2p-host",
            paramLabel = "IP",
            description = "Address under which other nodes reach this one; without discovery it may be a name (default:"
                    + " ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    private String host = "127.0.0.1";

    @Option(
            names = "--p2p-interface",
            paramLabel = "IP",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.0.0.0")
    private String listenOn = "0.0.0.0";

    @Option(
            names = "--p2p-port",
            paramLabel = "PORT",
            description = "Port for peers, TCP and UDP; 0 picks a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "30303")
    private int port = 30_303;

    @Option(names = "--network-id", paramLabel = "ID", description = "Network id (default: the chain id).")
    private Optional<Long> networkId = Optional.empty();

    @Option(
            names = "--bootnodes",
            paramLabel = "NODE",
            split = ",",
            description = "Nodes to begin with: enode URLs, or node records (enr:) for discovery v5.")
    private List<String> bootNodes = List.of();

    @Option(
            names = "--static-nodes-file",
            paramLabel = "FILE",
            description =
                    "Nodes to keep connected: a JSON array of enode URLs (default: static-nodes.json in the data path).")
    private Optional<Path> staticNodes = Optional.empty();

    @Option(
            names = "--max-peers",
            paramLabel = "COUNT",
            description = "Peers at once, static nodes not counted (default: ${DEFAULT-VALUE}).",
            defaultValue = "" + PeerOptions.DEFAULT_MAX_PEERS)
    private int maxPeers = PeerOptions.DEFAULT_MAX_PEERS;

    @Option(
            names = "--node-allowlist",
            paramLabel = "ENODE",
            split = ",",
            description = "The only nodes that may be peers, static nodes excepted (default: any).")
    private List<String> allowList = List.of();

    @Option(
            names = "--discovery-enabled",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Look for further nodes (default: ${DEFAULT-VALUE}).")
    private boolean discovery = true;

    @Option(
            names = "--discovery-mode",
            paramLabel = "MODE",
            description = "Discovery protocol: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "V4")
    private DiscoveryMode mode = DiscoveryMode.V4;

    @Option(
            names = "--discovery-v5-port",
            paramLabel = "PORT",
            description = "UDP port of discovery v5 (default: ${DEFAULT-VALUE}).",
            defaultValue = "30404")
    private int discoveryV5Port = 30_404;

    /** Empty when networking is off. */
    Optional<NetworkOptions> open(Path dataPath) throws IOException {
        if (!enabled) {
            return Optional.empty();
        }
        lookUpNamesAnew();
        if (port < 0 || port > MAX_PORT || discoveryV5Port < 1 || discoveryV5Port > MAX_PORT) {
            throw new ParameterException(command.commandLine(), "a port must be 0 to " + MAX_PORT);
        }
        List<EnodeUrl> enodes = new ArrayList<>();
        List<NodeRecord> records = new ArrayList<>();
        for (String node : bootNodes) {
            if (node.startsWith(RECORD_PREFIX)) {
                records.add(DiscoveryV5.parseRecord(node).orElseThrow(() -> bad("--bootnodes", node)));
            } else {
                enodes.add(EnodeUrl.parse(node).orElseThrow(() -> bad("--bootnodes", node)));
            }
        }
        return Optional.of(new NetworkOptions(
                new InetSocketAddress(listenOn, port),
                host,
                networkId,
                enodes,
                records,
                staticNodes(dataPath),
                maxPeers,
                allowed(),
                versions(),
                discoveryV5Port));
    }

    /**
     * The name of a container stands for another address when the container has been made anew, and for none while it
     * is away. The JVM would remember the old answer for 30 s, and for 10 s that there was none.
     */
    private static void lookUpNamesAnew() {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private List<EnodeUrl> staticNodes(Path dataPath) throws IOException {
        Path inDataPath = dataPath.resolve("static-nodes.json");
        if (staticNodes.isPresent()) {
            return StaticNodes.read(staticNodes.get());
        }
        return Files.exists(inDataPath) ? StaticNodes.read(inDataPath) : List.of();
    }

    private Optional<Set<NodeId>> allowed() {
        if (allowList.isEmpty()) {
            return Optional.empty();
        }
        Set<NodeId> nodes = new HashSet<>();
        for (String node : allowList) {
            nodes.add(EnodeUrl.parse(node)
                    .orElseThrow(() -> bad("--node-allowlist", node))
                    .id());
        }
        return Optional.of(nodes);
    }

    private Set<DiscoveryVersion> versions() {
        if (!discovery) {
            return Set.of();
        }
        return switch (mode) {
            case V4 -> EnumSet.of(DiscoveryVersion.V4);
            case V5 -> EnumSet.of(DiscoveryVersion.V5);
            case BOTH -> EnumSet.allOf(DiscoveryVersion.class);
        };
    }

    private ParameterException bad(String option, String node) {
        return new ParameterException(command.commandLine(), option + ": not a node: " + node);
    }
}
