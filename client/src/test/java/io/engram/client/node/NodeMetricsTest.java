package io.engram.client.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevGenesis;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.GuardedBackend;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards and alerts of operators know these names. */
class NodeMetricsTest {

    @Test
    void aNodeServesItsFigures(@TempDir Path folder) throws Exception {
        Backend backend = GuardedBackend.trusting(new ReferenceBackend(), new ReferenceBackend());
        NodeOptions options = new NodeOptions(
                folder,
                DevGenesis.of(Address.fromHex("0x00000000000000000000000000000000000000a1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                QbftOptions.DEFAULT,
                50_000_000,
                5_000,
                Wei.of(1),
                InferenceSettings.of(backend),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        try (NodeServer server = NodeServer.start(options, List.of());
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.metricsPort().orElseThrow() + "/metrics");
            assertThat(lines(client, uri))
                    .contains(
                            "ethereum_blockchain_height 0.0",
                            "ethereum_peer_count 0.0",
                            "engram_transaction_pool_size 0.0",
                            "engram_blocks_proposed_total 0.0",
                            "engram_models_lacking 0.0",
                            "engram_model_chunks_sent_total 0.0",
                            "engram_model_chunks_received_total 0.0",
                            "engram_inference_verified_total 0.0",
                            "engram_inference_verified_steps_total 0.0",
                            "engram_inference_fault 0.0");
            assertThat(backend.distrust("the roots differ")).isTrue();
            assertThat(lines(client, uri)).contains("engram_inference_fault 1.0");
        }
    }

    private static List<String> lines(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }
}
