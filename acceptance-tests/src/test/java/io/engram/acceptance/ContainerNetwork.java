package io.engram.acceptance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network.Ipam;
import io.engram.client.network.NetworkFiles;
import io.engram.client.network.NetworkPlan;
import io.engram.client.network.NodeFiles;
import io.engram.client.node.NodeKey;
import io.engram.genesis.Address;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.KeyPair;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/**
 * Four validators and a follower that serves JSON-RPC, each in a container. Three of the validators and the follower begin on
 * a ready-made chain, the last validator with an empty disk.
 */
final class ContainerNetwork implements AutoCloseable {

    static final int VALIDATORS = 4;

    /** What {@code --qbft-round-timeout-cap} is. */
    static final int ROUND_CAP_SECONDS = 8;

    private static final String SUBNET = "10.77.0.0/24";
    private static final String GATEWAY = "10.77.0.1";

    /** Addresses of the nodes, so that a rule can name them without this machine. */
    static final String NODES = "10.77.0.16/28";

    private static final int FIRST_HOST = 16;
    private static final int CHAIN_ID = 4_711;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Network network;
    private final List<NodeContainer> nodes;
    private final KeyPair treasury;
    private final Model model;

    private ContainerNetwork(Network network, List<NodeContainer> nodes, KeyPair treasury, Model model) {
        this.network = network;
        this.nodes = List.copyOf(nodes);
        this.treasury = treasury;
        this.model = model;
    }

    /** Why no network can be made here; empty when one can. */
    static Optional<String> obstacle() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of("no Docker-compatible engine answers; acceptance-tests/containers/engine.sh starts one");
        }
        try {
            DockerClientFactory.instance()
                    .client()
                    .inspectImageCmd(NodeContainer.IMAGE)
                    .exec();
            return Optional.empty();
        } catch (NotFoundException e) {
            return Optional.of("there is no image " + NodeContainer.IMAGE
                    + "; acceptance-tests/containers/image.sh makes it from the build");
        }
    }

    /**
     * Starts all but the last validator.
     *
     * @param folder a new one
     * @param blocks of the ready-made chain
     */
    static ContainerNetwork start(Path folder, byte[] modelFile, int blocks) throws Exception {
        List<String> hosts = IntStream.range(0, VALIDATORS + 1)
                .mapToObj(i -> "10.77.0." + (FIRST_HOST + i))
                .toList();
        NetworkFiles files = NetworkFiles.create(
                folder,
                new NetworkPlan(
                        VALIDATORS, 1, CHAIN_ID, 1, 30303, 8545, List.of(), hosts, OptionalLong.empty(), false));
        List<KeyPair> keys = new ArrayList<>();
        for (NodeFiles node : files.nodes()) {
            keys.add(NodeKey.load(node.key()));
        }
        List<KeyPair> validators = keys.subList(0, VALIDATORS);
        GenesisFile genesis = withoutActivationDelay(files.genesis(), validators);
        KeyPair treasury = NodeKey.load(files.treasuryKey());
        Path ready = folder.resolve("ready-made");
        Model model = ReadyMadeChain.make(ready, genesis, validators, treasury, modelFile, blocks);
        for (NodeFiles node : files.nodes()) {
            copy(ready.resolve("models"), node.data().resolve("models"));
            if (!node.equals(files.nodes().get(VALIDATORS - 1))) {
                copy(ready.resolve("database"), node.data().resolve("database"));
            }
        }
        Network network = Network.builder()
                .createNetworkCmdModifier(create -> create.withIpam(new Ipam()
                        .withConfig(new Ipam.Config().withSubnet(SUBNET).withGateway(GATEWAY))))
                .build();
        List<NodeContainer> nodes = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            nodes.add(new NodeContainer(
                    files.nodes().get(i).folder(), hosts.get(i), keys.get(i).address(), network));
        }
        ContainerNetwork made = new ContainerNetwork(network, nodes, treasury, model);
        boolean started = false;
        try {
            made.startAllButTheLastValidator(blocks);
            started = true;
            return made;
        } finally {
            if (!started) {
                made.close();
            }
        }
    }

    /** The databases hold no word of what was signed, and this test knows: nothing above the last block. */
    private void startAllButTheLastValidator(int blocks) throws IOException, InterruptedException {
        for (NodeContainer node : nodes) {
            if (node != nodes.get(VALIDATORS - 1)) {
                node.start(Map.of(), node == follower() ? options() : options("--qbft-unsafe-recover=" + blocks));
            }
        }
    }

    /** The options of every node, and some more. */
    List<String> options(String... more) {
        return Stream.concat(Stream.of("--qbft-round-timeout-cap=" + ROUND_CAP_SECONDS), Stream.of(more))
                .toList();
    }

    private static GenesisFile withoutActivationDelay(Path file, List<KeyPair> validators) throws Exception {
        ObjectNode root = (ObjectNode) JSON.readTree(Files.readString(file));
        ((ObjectNode) root.at("/config/inference")).put("activationDelay", 0);
        List<Address> addresses = validators.stream().map(KeyPair::address).toList();
        GenesisFile changed = GenesisFile.parse(root.toString()).withValidators(addresses);
        root.put("extraData", changed.extraData().toHexString());
        Files.writeString(file, root.toPrettyString());
        return GenesisFile.read(file);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** Validators first, then the follower. */
    List<NodeContainer> nodes() {
        return nodes;
    }

    List<NodeContainer> validators() {
        return nodes.subList(0, VALIDATORS);
    }

    NodeContainer follower() {
        return nodes.getLast();
    }

    /** Holds all the funds. */
    KeyPair treasury() {
        return treasury;
    }

    long chainId() {
        return CHAIN_ID;
    }

    Model model() {
        return model;
    }

    @Override
    public void close() {
        nodes.forEach(NodeContainer::close);
        network.close();
    }
}
