package io.engram.client.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Watches the nodes of a running network: says how they are, tells when one has ended and why, and starts it again where
 * that is wanted. Used by one thread.
 */
public final class Supervisor implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final int TAIL_LINES = 20;

    /**
     * How to watch.
     *
     * @param restart how long after its end a node is started again; absent: never
     * @param status how often the nodes are asked how they are
     * @param inPlace whether each status line takes the place of the one before, as on a terminal
     */
    public record Options(Optional<Duration> restart, Duration status, boolean inPlace) {}

    private final RunningNetwork network;
    private final Options options;
    private final PrintWriter out;
    private final List<SupervisedNode> nodes = new ArrayList<>();
    private int lineLength;

    public Supervisor(RunningNetwork network, Options options, PrintWriter out) throws IOException {
        this.network = network;
        this.options = options;
        this.out = out;
        for (NodeProcess process : network.processes()) {
            nodes.add(new SupervisedNode(network, process));
        }
    }

    /** @return true when the network was closed, false when all nodes have ended for good */
    public boolean watch() throws IOException, InterruptedException {
        nodes.forEach(node -> say(node.describe()));
        long shown = System.nanoTime();
        while (!network.isClosed()) {
            for (SupervisedNode node : nodes) {
                look(node);
            }
            if (nodes.stream().allMatch(this::isGone)) {
                return network.isClosed();
            }
            if (System.nanoTime() - shown >= options.status().toNanos()) {
                shown = System.nanoTime();
                showStatus();
            }
            Thread.sleep(LOOK);
        }
        return true;
    }

    private boolean isGone(SupervisedNode node) {
        return !node.process().isAlive() && (options.restart().isEmpty() || node.isHopeless());
    }

    private void look(SupervisedNode node) throws IOException {
        // Nodes that end because the network is closed are no news.
        if (node.hasJustEnded() && !network.isClosed()) {
            say(node.name() + " has ended with exit code "
                    + node.process().exitCode().orElseThrow() + "; the end of its log:");
            node.process().logTail(TAIL_LINES).forEach(line -> say("  | " + line));
            if (options.restart().isPresent()) {
                say(
                        node.isHopeless()
                                ? node.name() + " ends too soon each time and is left alone"
                                : node.name() + " is started again in "
                                        + options.restart().get().toSeconds() + " s");
            }
        }
        if (options.restart().isPresent() && node.restartAfter(options.restart().get())) {
            say(node.describe());
        }
    }

    private void showStatus() throws InterruptedException {
        List<Optional<NodeStatus>> all = new ArrayList<>();
        for (SupervisedNode node : nodes) {
            all.add(node.status());
        }
        String line = "height " + each(all, status -> Optional.of(status.height()))
                + "   round " + each(all, NodeStatus::round)
                + "   peers " + each(all, status -> Optional.of(status.peers()));
        if (options.inPlace()) {
            out.print("\r" + line + " ".repeat(Math.max(0, lineLength - line.length())));
            out.flush();
            lineLength = line.length();
        } else {
            say(line);
        }
    }

    /** One figure of each node, in the order of the nodes; a dash where there is none. */
    private static String each(List<Optional<NodeStatus>> all, Function<NodeStatus, Optional<Long>> figure) {
        return all.stream()
                .map(status -> status.flatMap(figure).map(Object::toString).orElse("-"))
                .collect(Collectors.joining(" "));
    }

    private void say(String line) {
        if (lineLength > 0) {
            out.println();
            lineLength = 0;
        }
        out.println(line);
        out.flush();
    }

    @Override
    public void close() {
        nodes.forEach(SupervisedNode::close);
    }
}
