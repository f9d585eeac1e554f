package io.engram.client.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.network.NodeClient;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tuweni.bytes.Bytes;

/** Notes when a node has each new block, on a thread of its own. Thread-safe. */
final class BlockWatch implements AutoCloseable {

    /** How exactly the time of a block is known, in milliseconds. */
    static final long PERIOD_MILLIS = 10;

    /**
     * A block that arrived.
     *
     * @param nanos when, by {@link System#nanoTime}
     * @param round in which it was agreed on
     */
    record Arrival(long number, long nanos, int transactions, long gasUsed, int round) {}

    private final NodeClient node;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final AtomicLong transactions = new AtomicLong();
    private final Thread thread;
    private volatile Optional<Exception> failure = Optional.empty();
    private volatile boolean running = true;

    private BlockWatch(NodeClient node, long head) {
        this.node = node;
        this.thread = Thread.ofPlatform().daemon().name("block-watch").unstarted(() -> watch(head));
    }

    /** Watches for blocks after the present head. */
    static BlockWatch start(NodeClient node) throws IOException, InterruptedException {
        BlockWatch watch = new BlockWatch(node, node.height());
        watch.thread.start();
        return watch;
    }

    private void watch(long head) {
        long last = head;
        try {
            while (running) {
                long now = node.height();
                long nanos = System.nanoTime();
                for (; last < now; last++) {
                    add(last + 1, nanos);
                }
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (IOException | RlpException e) {
            failure = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(long number, long nanos) throws IOException, InterruptedException, RlpException {
        JsonNode block = node.rpc().call("eth_getBlockByNumber", NodeClient.hex(number), false);
        int count = block.path("transactions").size();
        arrivals.add(new Arrival(
                number,
                nanos,
                count,
                Long.decode(block.path("gasUsed").asText()),
                QbftExtraDataCodec.decode(
                                Bytes.fromHexString(block.path("extraData").asText()))
                        .round()));
        transactions.addAndGet(count);
    }

    /** In all blocks since the start. */
    long transactions() {
        return transactions.get();
    }

    /**
     * The blocks so far.
     *
     * @throws IOException when the node stopped answering
     */
    List<Arrival> arrivals() throws IOException {
        Optional<Exception> failed = failure;
        if (failed.isPresent()) {
            throw new IOException(failed.get().getMessage(), failed.get());
        }
        return List.copyOf(arrivals);
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
