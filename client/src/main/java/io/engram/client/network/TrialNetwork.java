package io.engram.client.network;

import io.engram.client.node.NodeKey;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A new chain on this machine that is made for one run: validators, and nodes that join late, each in a process of its
 * own. Closing it ends the processes; the files stay. Thread-safe.
 */
public final class TrialNetwork implements AutoCloseable {

    private static final long CHAIN_ID = 1_337;

    /** For processes that all start at once on a small and busy machine. */
    private static final Duration START = Duration.ofSeconds(90);

    private final NetworkFiles files;
    private final RunningNetwork network;
    private final List<NodeClient> validators = new CopyOnWriteArrayList<>();
    private final List<NodeClient> late = new CopyOnWriteArrayList<>();

    /**
     * What to start.
     *
     * @param late nodes that only follow, and are not started with the others
     * @param zeroBaseFee keeps the price of gas from rising while blocks are full
     * @param maxModelBytes as {@link NetworkPlan} has it
     */
    public record Plan(int validators, int late, boolean zeroBaseFee, OptionalLong maxModelBytes, RunOptions options) {

        /** With the usual models. */
        public Plan(int validators, int late, boolean zeroBaseFee, RunOptions options) {
            this(validators, late, zeroBaseFee, OptionalLong.empty(), options);
        }
    }

    private TrialNetwork(NetworkFiles files, RunningNetwork network) {
        this.files = files;
        this.network = network;
    }

    /**
     * Starts the validators of a new network and returns when each has the first block.
     *
     * @throws IOException when a node does not start, with the end of its log
     */
    public static TrialNetwork start(Path folder, Plan plan) throws IOException, InterruptedException {
        int nodes = plan.validators() + plan.late();
        int port = FreePorts.consecutive(2 * nodes);
        NetworkFiles files = NetworkFiles.create(
                folder,
                new NetworkPlan(
                        plan.validators(),
                        plan.late(),
                        CHAIN_ID,
                        1,
                        port,
                        port + nodes,
                        List.of(),
                        List.of(),
                        OptionalLong.of(0),
                        plan.zeroBaseFee(),
                        plan.maxModelBytes()));
        TrialNetwork network = new TrialNetwork(
                files, RunningNetwork.start(files.nodes().subList(0, plan.validators()), plan.options()));
        boolean started = false;
        try {
            network.awaitStart();
            started = true;
            return network;
        } finally {
            if (!started) {
                network.close();
            }
        }
    }

    private void awaitStart() throws IOException, InterruptedException {
        for (NodeProcess process : network.processes()) {
            validators.add(NodeClient.of(process));
        }
        for (NodeClient validator : validators) {
            validator.awaitHeight(1, START);
        }
    }

    public List<NodeClient> validators() {
        return List.copyOf(validators);
    }

    /** The key of the account that holds the chain's funds. */
    public KeyPair treasury() throws IOException {
        return NodeKey.load(files.treasuryKey());
    }

    /**
     * Starts the next of the late nodes, with an empty disk, and returns when it has the block of this number.
     *
     * @throws IllegalStateException when all of them run
     */
    public NodeClient joinLate(long height) throws IOException, InterruptedException {
        int next = validators.size() + late.size();
        if (next >= files.nodes().size()) {
            throw new IllegalStateException("no node is left to join");
        }
        NodeClient joined = NodeClient.of(network.start(files.nodes().get(next)));
        late.add(joined);
        joined.awaitHeight(height, START);
        return joined;
    }

    @Override
    public void close() {
        validators.forEach(NodeClient::close);
        late.forEach(NodeClient::close);
        network.close();
    }
}
