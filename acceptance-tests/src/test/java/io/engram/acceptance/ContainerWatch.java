package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Waits until something is so of a network of containers, and says how it stands where it is not. */
final class ContainerWatch {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ContainerNetwork network;

    ContainerWatch(ContainerNetwork network) {
        this.network = network;
    }

    /** @return milliseconds that it took */
    long await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError(what + " within " + limit + ":" + System.lineSeparator() + describe());
            }
            Thread.sleep(100);
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** Where each node stands. */
    String describe() throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (NodeContainer node : network.nodes()) {
            text.append(node.name()).append(' ').append(node.key());
            try {
                text.append(" head ").append(node.head()).append(' ').append(node.status());
            } catch (IOException | IllegalStateException e) {
                text.append(' ').append(e);
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    long highest(List<NodeContainer> nodes) throws InterruptedException {
        long highest = 0;
        for (NodeContainer node : nodes) {
            highest = Math.max(highest, node.head().orElse(0L));
        }
        return highest;
    }

    boolean allReached(List<NodeContainer> nodes, long height) throws InterruptedException {
        for (NodeContainer node : nodes) {
            if (node.head().orElse(0L) < height) {
                return false;
            }
        }
        return true;
    }

    void awaitBlocks(List<NodeContainer> nodes, int more) throws Exception {
        long target = highest(nodes) + more;
        await(more + " more blocks", PATIENCE, () -> allReached(nodes, target));
    }

    /** All nodes have the same block at the height of the one that is least far. */
    void assertOneChain() throws IOException, InterruptedException {
        assertOneChain(network.nodes());
    }

    void assertOneChain(List<NodeContainer> nodes) throws IOException, InterruptedException {
        long common = Long.MAX_VALUE;
        for (NodeContainer node : nodes) {
            common = Math.min(common, node.height());
        }
        Set<String> hashes = new HashSet<>();
        for (NodeContainer node : nodes) {
            hashes.add(node.block(common).get("hash").asText());
        }
        assertThat(hashes).as("block %d", common).hasSize(1);
    }

    static Address proposer(JsonNode block) {
        return Address.fromHex(block.get("miner").asText());
    }

    List<NodeContainer> allBut(NodeContainer one) {
        return network.allBut(one);
    }

    private boolean proposed(NodeContainer validator, NodeContainer witness, long from)
            throws IOException, InterruptedException {
        for (long number = from; number <= witness.height(); number++) {
            if (proposer(witness.block(number)).equals(validator.key())) {
                return true;
            }
        }
        return false;
    }

    /** Waits until another node has a block that this validator proposed. */
    void awaitPart(NodeContainer validator) throws Exception {
        NodeContainer witness = witness(validator);
        long from = witness.height() + 1;
        await(validator.name() + " makes blocks", PATIENCE, () -> proposed(validator, witness, from));
    }

    private NodeContainer witness(NodeContainer of) throws InterruptedException {
        for (NodeContainer node : allBut(of).reversed()) {
            if (node.head().isPresent()) {
                return node;
            }
        }
        throw new IllegalStateException("no other node answers");
    }
}
