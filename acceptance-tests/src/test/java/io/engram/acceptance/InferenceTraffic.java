package io.engram.acceptance;

import io.engram.genesis.crypto.KeyPair;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;

/** Sends one inference after another to a node, each with an input of its own, until closed. */
final class InferenceTraffic implements AutoCloseable {

    private final JsonRpc rpc;
    private final KeyPair sender;
    private final long chainId;
    private final Model model;
    private final Duration interval;
    private final AtomicInteger sent = new AtomicInteger();
    private final Thread thread;

    private InferenceTraffic(JsonRpc rpc, KeyPair sender, long chainId, Model model, Duration interval) {
        this.rpc = rpc;
        this.sender = sender;
        this.chainId = chainId;
        this.model = model;
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("traffic").unstarted(this::work);
    }

    static InferenceTraffic start(JsonRpc rpc, KeyPair sender, long chainId, Model model, Duration interval) {
        InferenceTraffic traffic = new InferenceTraffic(rpc, sender, chainId, model, interval);
        traffic.thread.start();
        return traffic;
    }

    /** Transactions that the node took. */
    int sent() {
        return sent.get();
    }

    private void work() {
        try {
            while (true) {
                send();
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a node under test refuses or does not answer is tried again with the next one. */
    private void send() throws InterruptedException {
        try {
            String from = sender.address().toHex();
            long nonce = Long.decode(
                    rpc.call("eth_getTransactionCount", from, "pending").asText());
            Bytes raw = Inferences.transaction(model, System.nanoTime(), chainId, nonce, sender);
            rpc.call("eth_sendRawTransaction", raw.toHexString());
            sent.incrementAndGet();
        } catch (IOException | IllegalStateException e) {
            Thread.sleep(interval);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
