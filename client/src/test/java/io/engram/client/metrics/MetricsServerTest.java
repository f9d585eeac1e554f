package io.engram.client.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final AtomicLong value = new AtomicLong(7);
    private final Metrics metrics = new Metrics()
            .gauge("engram_height", "Height", value::get)
            .gauge("engram_nothing", "Never known", OptionalLong::empty)
            .counter("engram_work", "Work", value::get);

    private static HttpResponse<String> get(MetricsServer server, String path)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void valuesAreReadWhenTheyAreAskedFor() throws Exception {
        try (MetricsServer server = MetricsServer.start(ANY_PORT, metrics)) {
            assertThat(get(server, "/metrics").body()).contains("engram_height 7.0\n", "engram_work_total 7.0\n");
            value.set(8);
            HttpResponse<String> second = get(server, "/metrics");
            assertThat(second.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(second.body().lines())
                    .contains("engram_height 8.0", "engram_work_total 8.0", "# TYPE engram_work_total counter")
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"}"))
                    .noneMatch(line -> line.startsWith("engram_nothing "));
        }
    }

    @Test
    void otherPathsAreNotThere() throws Exception {
        try (MetricsServer server = MetricsServer.start(ANY_PORT, metrics)) {
            assertThat(get(server, "/metrics/x").statusCode()).isEqualTo(404);
            assertThat(get(server, "/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (MetricsServer server = MetricsServer.start(ANY_PORT, metrics)) {
            InetSocketAddress taken = new InetSocketAddress(ANY_PORT.getAddress(), server.port());
            assertThatThrownBy(() -> MetricsServer.start(taken, new Metrics()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(server.port()));
        }
    }
}
