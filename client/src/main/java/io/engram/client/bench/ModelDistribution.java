package io.engram.client.bench;

import io.engram.client.network.NodeClient;
import io.engram.client.network.TrialNetwork;
import io.engram.client.node.NetworkPublication;
import io.engram.client.rpc.RpcAccount;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes models on a network of validators and measures how fast they spread from the first to the others, on the same
 * machine. Used by one thread.
 */
public final class ModelDistribution {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final double NANOS_PER_SECOND = 1e9;

    private final TrialNetwork network;
    private final RpcAccount treasury;

    private ModelDistribution(TrialNetwork network, RpcAccount treasury) {
        this.network = network;
        this.treasury = treasury;
    }

    /** @param network with at least two validators, whose models may be as large as those that are to be published */
    public static ModelDistribution on(TrialNetwork network) throws IOException, InterruptedException {
        return new ModelDistribution(
                network, RpcAccount.open(network.validators().getFirst().rpc(), network.treasury()));
    }

    /** Whom models name as their author. */
    public Address author() {
        return treasury.address();
    }

    /**
     * Publishes a model that the network does not know, and returns when it is active and every validator has its file.
     *
     * @throws IOException when a node refuses, or that takes longer than five minutes
     */
    public DistributionFigures publish(Model model, byte[] file) throws IOException, InterruptedException {
        NodeClient publisher = network.validators().getFirst();
        try (ExecutorService watch = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Spread> spread = watch.submit(() -> spread(model.id()));
            try {
                new NetworkPublication(publisher.rpc(), treasury, model, file, _ -> {}).run(PATIENCE);
                long active = System.nanoTime();
                Spread seen = spread.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return new DistributionFigures(
                        file.length, seen.publisher(), seen.receivers(), (active - seen.begun()) / NANOS_PER_SECOND);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("the model did not reach all validators: " + e, e);
            } finally {
                // Otherwise who waits for a file that does not come would be waited for.
                boolean _ = spread.cancel(true);
            }
        }
    }

    /** @param begun when the publisher had the file */
    private record Spread(long begun, DistributionFigures.Node publisher, List<DistributionFigures.Node> receivers) {}

    private Spread spread(Hash modelId) throws IOException, InterruptedException {
        List<NodeClient> nodes = network.validators();
        awaitFile(nodes.getFirst(), modelId);
        long begun = System.nanoTime();
        List<Duration> before = cpuTimes(nodes);
        List<Long> arrivals = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            arrivals.add(begun);
        }
        List<NodeClient> waiting = new ArrayList<>(nodes.subList(1, nodes.size()));
        while (!waiting.isEmpty()) {
            for (NodeClient node : List.copyOf(waiting)) {
                if (holds(node, modelId)) {
                    arrivals.set(nodes.indexOf(node), System.nanoTime());
                    waiting.remove(node);
                }
            }
            Thread.sleep(POLL);
        }
        List<Duration> after = cpuTimes(nodes);
        long last = arrivals.stream().mapToLong(Long::longValue).max().orElse(begun);
        arrivals.set(0, last);
        List<DistributionFigures.Node> parts = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            parts.add(new DistributionFigures.Node(
                    nodes.get(i).name(),
                    (arrivals.get(i) - begun) / NANOS_PER_SECOND,
                    after.get(i).minus(before.get(i)).toNanos() / NANOS_PER_SECOND));
        }
        return new Spread(begun, parts.getFirst(), parts.subList(1, parts.size()));
    }

    private static void awaitFile(NodeClient node, Hash modelId) throws IOException, InterruptedException {
        while (!holds(node, modelId)) {
            Thread.sleep(POLL);
        }
    }

    private static boolean holds(NodeClient node, Hash modelId) throws IOException, InterruptedException {
        return node.rpc().call("model_get", modelId.toHex()).path("held").asBoolean();
    }

    private static List<Duration> cpuTimes(List<NodeClient> nodes) throws IOException {
        List<Duration> times = new ArrayList<>();
        for (NodeClient node : nodes) {
            times.add(node.cpuTime());
        }
        return times;
    }
}
