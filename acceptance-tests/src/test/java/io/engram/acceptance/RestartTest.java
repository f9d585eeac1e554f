package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed while transactions stream in comes up by itself on a consistent head and goes on. */
class RestartTest {

    private static final int KILLS = 20;
    private static final String FROM = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    private static final String TO = "0x00000000000000000000000000000000000000aa";

    @TempDir
    Path directory;

    @Test
    void twentyKillsInARowLoseNoConfirmedBlock() throws IOException, InterruptedException {
        AtomicLong confirmed = new AtomicLong();
        for (int round = 0; round < KILLS; round++) {
            try (Engram node = Engram.dev(
                    directory.resolve("node-" + round + ".log"), "--data-path=" + directory.resolve("data"))) {
                assertConsistent(node, confirmed.get());
                AtomicBoolean running = new AtomicBoolean(true);
                Thread stream = Thread.ofVirtual().start(() -> send(node, running, confirmed));
                Thread.sleep(200 + 37L * round);
                node.kill();
                running.set(false);
                stream.join();
            }
        }
        try (Engram node = Engram.dev(directory.resolve("last.log"), "--data-path=" + directory.resolve("data"))) {
            assertConsistent(node, confirmed.get());
            assertThat(confirmed.get())
                    .as("transactions confirmed in all rounds")
                    .isGreaterThan(KILLS);
        }
    }

    /** The head and its ancestors are whole, and the receiver's balance is what the chain's transfers add up to. */
    private static void assertConsistent(Engram node, long confirmedBlock) throws IOException, InterruptedException {
        long head = node.blockNumber();
        assertThat(head).isGreaterThanOrEqualTo(confirmedBlock);
        JsonNode block = node.call("eth_getBlockByNumber", "latest", true);
        assertThat(block.get("number").asText()).isEqualTo("0x" + Long.toHexString(head));
        if (head > 0) {
            JsonNode parent = node.call("eth_getBlockByNumber", "0x" + Long.toHexString(head - 1), false);
            assertThat(block.get("parentHash")).isEqualTo(parent.get("hash"));
            assertThat(node.call("eth_getBlockReceipts", "latest"))
                    .hasSize(block.get("transactions").size());
        }
        JsonNode proof = node.call("eth_getProof", TO, new String[0], "latest");
        assertThat(proof.get("balance")).isEqualTo(node.call("eth_getBalance", TO, "latest"));
    }

    private static void send(Engram node, AtomicBoolean running, AtomicLong confirmed) {
        while (running.get()) {
            try {
                String hash = node.call("eth_sendTransaction", Map.of("from", FROM, "to", TO, "value", "0x1"))
                        .asText();
                JsonNode receipt = node.call("eth_getTransactionReceipt", hash);
                if (receipt != null && receipt.hasNonNull("blockNumber")) {
                    confirmed.accumulateAndGet(
                            Long.decode(receipt.get("blockNumber").asText()), Math::max);
                }
            } catch (IOException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
