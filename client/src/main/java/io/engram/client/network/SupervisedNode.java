package io.engram.client.network;

import io.engram.client.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** One node under supervision: its present process, and whether and when that is to be replaced. Used by one thread. */
final class SupervisedNode implements AutoCloseable {

    /** How long a node may take to answer; one that does not is shown as silent. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** A node that ends this often in a row, each time sooner than {@link #SETTLED} after its start, is left alone. */
    private static final int MAX_QUICK_ENDS = 5;

    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final RunningNetwork network;
    private final NodeFiles files;
    private final Optional<String> url;
    private final Optional<RpcClient> rpc;
    private NodeProcess process;
    private long startedNanos = System.nanoTime();
    private OptionalLong endedNanos = OptionalLong.empty();
    private int quickEnds;

    SupervisedNode(RunningNetwork network, NodeProcess process) throws IOException {
        this.network = network;
        this.process = process;
        this.files = process.files();
        this.url = files.ports().rpc().map(NodePorts.Port::url);
        this.rpc = url.map(known -> new RpcClient(known, ANSWER));
    }

    String name() {
        return files.name();
    }

    NodeProcess process() {
        return process;
    }

    /** Who it is and where it can be reached. */
    String describe() {
        return name() + "  pid " + process.pid() + "  " + url.orElse("no JSON-RPC") + "  log " + files.log();
    }

    /** Whether the process has ended since the last call that said so. */
    boolean hasJustEnded() {
        if (process.isAlive() || endedNanos.isPresent()) {
            return false;
        }
        endedNanos = OptionalLong.of(System.nanoTime());
        quickEnds = nanosSince(startedNanos) < SETTLED.toNanos() ? quickEnds + 1 : 1;
        return true;
    }

    /** Whether it has ended too often, too soon. */
    boolean isHopeless() {
        return endedNanos.isPresent() && quickEnds >= MAX_QUICK_ENDS;
    }

    /** @return whether it was started again now: when it ended that long ago and there is hope */
    boolean restartAfter(Duration pause) throws IOException {
        if (endedNanos.isEmpty() || isHopeless() || nanosSince(endedNanos.getAsLong()) < pause.toNanos()) {
            return false;
        }
        Optional<NodeProcess> again = network.startAgain(files);
        if (again.isEmpty()) {
            return false;
        }
        process = again.get();
        startedNanos = System.nanoTime();
        endedNanos = OptionalLong.empty();
        return true;
    }

    /** What it says of itself; empty when it does not answer. */
    Optional<NodeStatus> status() throws InterruptedException {
        if (rpc.isEmpty() || !process.isAlive()) {
            return Optional.empty();
        }
        try {
            return Optional.of(NodeStatus.of(rpc.get()));
        } catch (IOException e) {
            // Starting, stopping or overloaded: the status line shows that it is silent.
            return Optional.empty();
        }
    }

    private static long nanosSince(long then) {
        return System.nanoTime() - then;
    }

    @Override
    public void close() {
        rpc.ifPresent(RpcClient::close);
    }
}
