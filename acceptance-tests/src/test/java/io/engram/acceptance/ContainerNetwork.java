package io.engram.acceptance;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network.Ipam;
import io.engram.client.network.NetworkFiles;
import io.engram.client.network.NetworkPlan;
import io.engram.client.network.NodeFiles;
import io.engram.client.node.NodeKey;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/**
 * Four validators and a follower, each in a container, with JSON-RPC. On a ready-made chain three of the validators and the
 * follower begin at its head, and the last validator, with an empty disk, is not started; a new chain they begin together.
 * The model is handed to the follower as a user does it, and the others get it from there.
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

    private final Network network;
    private final List<NodeContainer> nodes;
    private final Path treasuryKey;
    private final KeyPair treasury;
    private final KeyPair caller;
    private final Model model;

    private ContainerNetwork(Network network, List<NodeContainer> nodes, Path treasuryKey, KeyPair caller, Model model)
            throws IOException {
        this.network = network;
        this.nodes = List.copyOf(nodes);
        this.treasuryKey = treasuryKey;
        this.treasury = NodeKey.load(treasuryKey);
        this.caller = caller;
        this.model = model;
    }

    /**
     * What to start.
     *
     * @param readyMadeBlocks of a chain that is made beforehand, with an inference in almost every block; 0 for a new chain
     * @param maxModelBytes as {@link NetworkPlan} has it
     * @param heapMegabytes of each node
     */
    record Setup(int readyMadeBlocks, OptionalLong maxModelBytes, int heapMegabytes) {}

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
     * Starts a network and publishes the model on its follower.
     *
     * @param folder a new one
     */
    static ContainerNetwork start(Path folder, Path modelFile, Setup setup) throws Exception {
        List<String> hosts = IntStream.range(0, VALIDATORS + 1)
                .mapToObj(i -> "10.77.0." + (FIRST_HOST + i))
                .toList();
        KeyPair caller = KeyPair.random(new SecureRandom());
        NetworkFiles files = NetworkFiles.create(
                folder,
                new NetworkPlan(
                        VALIDATORS,
                        1,
                        CHAIN_ID,
                        1,
                        30303,
                        8545,
                        List.of(caller.address()),
                        hosts,
                        OptionalLong.of(0),
                        false,
                        setup.maxModelBytes()));
        List<KeyPair> keys = new ArrayList<>();
        for (NodeFiles node : files.nodes()) {
            keys.add(NodeKey.load(node.key()));
        }
        if (setup.readyMadeBlocks() > 0) {
            readyMade(folder.resolve("ready-made"), files, keys, modelFile, setup.readyMadeBlocks());
        }
        Network network = Network.builder()
                .createNetworkCmdModifier(create -> create.withIpam(new Ipam()
                        .withConfig(new Ipam.Config().withSubnet(SUBNET).withGateway(GATEWAY))))
                .build();
        // It is made when first asked for, which the nodes below would do at the same time.
        network.getId();
        List<NodeContainer> nodes = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            nodes.add(new NodeContainer(
                    files.nodes().get(i).folder(),
                    hosts.get(i),
                    keys.get(i).address(),
                    network,
                    setup.heapMegabytes()));
        }
        Model model = Model.load(Files.readAllBytes(modelFile), InferenceConfig.Limits.DEFAULT);
        ContainerNetwork made = new ContainerNetwork(network, nodes, files.treasuryKey(), caller, model);
        boolean started = false;
        try {
            made.startNodes(setup.readyMadeBlocks());
            made.publish(modelFile);
            started = true;
            return made;
        } finally {
            if (!started) {
                made.close();
            }
        }
    }

    /** Puts a chain, but no model, on the disks of all but the last validator. */
    private static void readyMade(Path made, NetworkFiles files, List<KeyPair> keys, Path modelFile, int blocks)
            throws Exception {
        GenesisFile genesis = GenesisFile.read(files.genesis());
        KeyPair treasury = NodeKey.load(files.treasuryKey());
        ReadyMadeChain.make(
                made, genesis, keys.subList(0, VALIDATORS), treasury, Files.readAllBytes(modelFile), blocks);
        for (NodeFiles node : files.nodes()) {
            if (!node.equals(files.nodes().get(VALIDATORS - 1))) {
                copy(made.resolve("database"), node.data().resolve("database"));
            }
        }
    }

    /**
     * Starts the nodes, all at once; on a ready-made chain all but the last validator. The databases hold no word of what was
     * signed, and this test knows: nothing above the last block.
     */
    private void startNodes(int readyMadeBlocks) throws IOException, InterruptedException {
        boolean fresh = readyMadeBlocks == 0;
        List<Future<?>> starts = new ArrayList<>();
        try (ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
            for (NodeContainer node : fresh ? nodes : allBut(nodes.get(VALIDATORS - 1))) {
                List<String> options =
                        fresh || node == follower() ? options() : options("--qbft-unsafe-recover=" + readyMadeBlocks);
                starts.add(operators.submit(() -> {
                    node.start(Map.of(), options);
                    return null;
                }));
            }
        }
        for (Future<?> start : starts) {
            try {
                start.get();
            } catch (ExecutionException e) {
                throw new IOException("a node did not start", e);
            }
        }
    }

    /** All nodes but this one, the follower last. */
    List<NodeContainer> allBut(NodeContainer one) {
        List<NodeContainer> others = new ArrayList<>(nodes);
        others.remove(one);
        return others;
    }

    /**
     * Publishes a model on the follower with the command of a user.
     *
     * @return what the command said
     */
    String publish(Path modelFile) throws IOException, InterruptedException {
        Engram.Result result = Engram.run(
                "model",
                "publish",
                modelFile.toString(),
                "--rpc=" + follower().rpc().url(),
                "--key=" + treasuryKey);
        if (result.status() != 0) {
            throw new IllegalStateException("model publish: " + result.output());
        }
        return result.output();
    }

    /** The options of every node, and some more. */
    List<String> options(String... more) {
        return Stream.concat(Stream.of("--qbft-round-timeout-cap=" + ROUND_CAP_SECONDS), Stream.of(more))
                .toList();
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

    /** Holds the funds, and publishes. */
    KeyPair treasury() {
        return treasury;
    }

    /** Holds funds too, and does nothing unless it is told. */
    KeyPair caller() {
        return caller;
    }

    long chainId() {
        return CHAIN_ID;
    }

    /** That was published at the start. */
    Model model() {
        return model;
    }

    @Override
    public void close() {
        nodes.forEach(NodeContainer::close);
        network.close();
    }
}
