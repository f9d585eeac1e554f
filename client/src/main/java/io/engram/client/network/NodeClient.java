package io.engram.client.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.node.NodeKey;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A node's process and its JSON-RPC. Thread-safe. */
public final class NodeClient implements AutoCloseable {

    private static final int TAIL_LINES = 20;
    private static final Duration POLL = Duration.ofMillis(100);

    private final NodeProcess process;
    private final Address address;
    private final RpcClient rpc;

    private NodeClient(NodeProcess process, Address address, RpcClient rpc) {
        this.process = process;
        this.address = address;
        this.rpc = rpc;
    }

    /** @throws IOException when the node's files cannot be read, or say that it serves no JSON-RPC */
    public static NodeClient of(NodeProcess process) throws IOException {
        NodePorts.Port port = process.files()
                .ports()
                .rpc()
                .orElseThrow(() -> new IOException(process.name() + " serves no JSON-RPC"));
        return new NodeClient(process, NodeKey.load(process.files().key()).address(), new RpcClient(port.url()));
    }

    public String name() {
        return process.name();
    }

    /** Of the node's key; its address as a validator. */
    public Address address() {
        return address;
    }

    public RpcClient rpc() {
        return rpc;
    }

    /**
     * Processor time that the node has taken since its start.
     *
     * @throws IOException when it has ended
     */
    public Duration cpuTime() throws IOException {
        return process.cpuTime().orElseThrow(() -> new IOException(name() + " has ended"));
    }

    /** A question about the node that is asked again and again. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /**
     * Waits until something is so; a node that does not answer is asked again.
     *
     * @param what as in "did not …"
     * @throws IOException when the node has ended, with the end of its log, or the time is up
     */
    public void await(String what, Duration limit, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException(
                        name() + " has ended; the end of its log:\n" + String.join("\n", process.logTail(TAIL_LINES)));
            }
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (RpcClient.RpcFailedException e) {
                throw e;
            } catch (IOException e) {
                last = ": " + e.getMessage();
            }
            Thread.sleep(POLL);
        }
        throw new IOException(name() + " did not " + what + " within " + limit.toSeconds() + " s" + last);
    }

    public void awaitHeight(long height, Duration limit) throws IOException, InterruptedException {
        await("reach block " + height, limit, () -> height() >= height);
    }

    /** The head's number. */
    public long height() throws IOException, InterruptedException {
        return quantity(rpc.call("eth_blockNumber"));
    }

    /** The hash of its block of this number, which it must have. */
    public Hash hashAt(long number) throws IOException, InterruptedException {
        return Hash.fromHex(rpc.call("eth_getBlockByNumber", hex(number), false)
                .path("hash")
                .asText());
    }

    /** The inferences and steps that it recomputed in blocks that it did not propose. */
    public Verified verified() throws IOException, InterruptedException {
        JsonNode verified = rpc.call("inference_getStatus").path("verified");
        return new Verified(
                verified.path("inferences").asLong(), verified.path("steps").asLong());
    }

    /** Since the node's start. */
    public record Verified(long inferences, long steps) {}

    /** What computes its inferences now. */
    public Inference inference() throws IOException, InterruptedException {
        JsonNode backends = rpc.call("inference_getBackends");
        return new Inference(
                backends.path("current").asText(),
                Optional.of(backends.path("fault")).filter(JsonNode::isTextual).map(JsonNode::asText));
    }

    /**
     * A node's back end.
     *
     * @param fault why a back end or a device is not used any more, if one was given up
     */
    public record Inference(String backend, Optional<String> fault) {}

    /** A number as JSON-RPC writes it. */
    public static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    private static long quantity(JsonNode value) {
        return Long.decode(value.asText());
    }

    @Override
    public void close() {
        rpc.close();
    }
}
