package io.engram.client.network;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Nodes of a network as processes on this machine. Closing it ends them. Thread-safe. */
public final class RunningNetwork implements AutoCloseable {

    /** What a node gets to end by itself. */
    private static final Duration END = Duration.ofSeconds(20);

    private final RunOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, NodeProcess> running = new LinkedHashMap<>();
    private boolean closed;

    private RunningNetwork(RunOptions options) {
        this.options = options;
    }

    /**
     * Starts nodes.
     *
     * @throws IOException when a port is in use, naming each; then nothing has been started
     */
    public static RunningNetwork start(List<NodeFiles> nodes, RunOptions options) throws IOException {
        List<String> taken = new ArrayList<>();
        Set<Integer> asked = new HashSet<>();
        for (NodeFiles node : nodes) {
            for (NodePorts.Port port : node.ports().all()) {
                if (!asked.add(port.number()) || !port.isFree()) {
                    taken.add(port.number() + " (" + port.use() + " of " + node.name() + ")");
                }
            }
        }
        if (!taken.isEmpty()) {
            throw new IOException("ports in use: " + String.join(", ", taken));
        }
        RunningNetwork network = new RunningNetwork(options);
        boolean started = false;
        try {
            for (NodeFiles node : nodes) {
                network.start(node);
            }
            started = true;
            return network;
        } finally {
            if (!started) {
                network.close();
            }
        }
    }

    /**
     * Starts one more node.
     *
     * @throws IllegalStateException when it runs already, or the network is closed
     */
    public NodeProcess start(NodeFiles node) throws IOException {
        lock.lock();
        try {
            if (closed || find(node.name()).filter(NodeProcess::isAlive).isPresent()) {
                throw new IllegalStateException(node.name() + (closed ? " is to end" : " runs already"));
            }
            NodeProcess process = NodeProcess.start(node, options);
            running.put(node.name(), process);
            return process;
        } finally {
            lock.unlock();
        }
    }

    /** Starts one again that has ended; not when the network is closed. */
    Optional<NodeProcess> startAgain(NodeFiles node) throws IOException {
        lock.lock();
        try {
            return closed ? Optional.empty() : Optional.of(start(node));
        } finally {
            lock.unlock();
        }
    }

    private Optional<NodeProcess> find(String name) {
        return Optional.ofNullable(running.get(name));
    }

    /** Those started, also those that have ended. */
    public List<NodeProcess> processes() {
        lock.lock();
        try {
            return List.copyOf(running.values());
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Asks all nodes to end and waits for that; one that does not is killed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            running.values().forEach(NodeProcess::stop);
            long deadline = System.nanoTime() + END.toNanos();
            for (NodeProcess process : running.values()) {
                long left = Math.max(0, deadline - System.nanoTime());
                if (!process.awaitEnd(Duration.ofNanos(left))) {
                    process.kill();
                }
            }
        } catch (InterruptedException e) {
            running.values().forEach(NodeProcess::kill);
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
