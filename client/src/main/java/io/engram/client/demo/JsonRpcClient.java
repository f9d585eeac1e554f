package io.engram.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** JSON-RPC over HTTP as any wallet speaks it, so that the demo uses what users use. Thread-safe. */
final class JsonRpcClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;
    private final AtomicLong nextId = new AtomicLong(1);

    JsonRpcClient(URI endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * The result of a call.
     *
     * @throws IOException when the node cannot be reached or answers with an error
     */
    JsonNode call(String method, Object... parameters) throws IOException, InterruptedException {
        String body = JSON.writeValueAsString(JSON.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", nextId.getAndIncrement())
                .put("method", method)
                .set("params", JSON.valueToTree(parameters)));
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        JsonNode answer = JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        if (answer.has("error")) {
            throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.path("result");
    }

    @Override
    public void close() {
        http.close();
    }
}
