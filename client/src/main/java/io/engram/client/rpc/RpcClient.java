package io.engram.client.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Calls a node over HTTP as any wallet does, for commands that act on a running chain. Thread-safe. */
public final class RpcClient implements AutoCloseable {

    /** Where a node on this machine listens unless told otherwise. */
    public static final String DEFAULT_URL = "http://127.0.0.1:" + RpcServerOptions.DEFAULT_PORT;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int RECEIPT_POLLS = 600;
    private static final long POLL_MILLIS = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client;
    private final AtomicLong nextId = new AtomicLong(1);
    private final URI uri;
    private final Duration timeout;

    /** @throws IllegalArgumentException when the text is no URI */
    public RpcClient(String url) {
        this(url, TIMEOUT);
    }

    /** As above, with another limit on the time that an answer takes. */
    public RpcClient(String url, Duration timeout) {
        this.uri = URI.create(url);
        this.timeout = timeout;
        this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    /** The node answered with an error, or with something that is no JSON-RPC. */
    public static final class RpcFailedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int code;

        RpcFailedException(int code, String message) {
            super(message);
            this.code = code;
        }

        /** The error's code. */
        public int code() {
            return code;
        }

        /** Whether this node does not offer the method. */
        public boolean isUnknownMethod() {
            return code == RpcErrorCode.METHOD_NOT_FOUND.code() || code == RpcErrorCode.METHOD_NOT_ENABLED.code();
        }
    }

    /**
     * The result of a call.
     *
     * @param parameters as JSON values: text, numbers, maps, trees
     * @throws RpcFailedException with the node's error
     * @throws IOException when the node cannot be reached
     */
    public JsonNode call(String method, Object... parameters) throws IOException, InterruptedException {
        return result(method, post(request(nextId.getAndIncrement(), method, parameters)));
    }

    /**
     * Many calls of one method with one parameter each, in one request.
     *
     * @return the results in the order of the parameters
     * @throws RpcFailedException with the first error
     * @throws IOException when the node cannot be reached
     */
    public List<JsonNode> callEach(String method, List<?> parameters) throws IOException, InterruptedException {
        long first = nextId.getAndAdd(parameters.size());
        ArrayNode batch = MAPPER.createArrayNode();
        for (int i = 0; i < parameters.size(); i++) {
            batch.add(request(first + i, method, new Object[] {parameters.get(i)}));
        }
        Map<Long, JsonNode> results = new HashMap<>();
        for (JsonNode answer : post(batch)) {
            results.put(answer.path("id").asLong(), result(method, answer));
        }
        List<JsonNode> ordered = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            ordered.add(Optional.ofNullable(results.get(first + i))
                    .orElseThrow(() -> new IOException(uri + " leaves calls of " + method + " unanswered")));
        }
        return ordered;
    }

    private static JsonNode request(long id, String method, Object[] parameters) {
        return MAPPER.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", method)
                .set("params", MAPPER.valueToTree(parameters));
    }

    private static JsonNode result(String method, JsonNode answer) throws RpcFailedException {
        if (answer.has("error")) {
            JsonNode error = answer.path("error");
            throw new RpcFailedException(
                    error.path("code").asInt(),
                    method + ": " + error.path("message").asText());
        }
        return answer.path("result");
    }

    private JsonNode post(JsonNode request) throws IOException, InterruptedException {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(timeout)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new RpcFailedException(RpcErrorCode.PARSE_ERROR.code(), uri + " does not speak JSON-RPC");
        } catch (IOException e) {
            throw new IOException("cannot reach " + uri + ": " + e, e);
        }
    }

    /**
     * Waits until the transaction is in a block and gives its receipt.
     *
     * @throws IOException when it is in none after two minutes
     */
    public JsonNode awaitReceipt(Hash hash) throws IOException, InterruptedException {
        for (int i = 0; i < RECEIPT_POLLS; i++) {
            JsonNode receipt = call("eth_getTransactionReceipt", hash.toHex());
            if (!receipt.isNull()) {
                return receipt;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException(
                "transaction " + hash + " is in no block after " + RECEIPT_POLLS * POLL_MILLIS / 1_000 + " s");
    }

    @Override
    public void close() {
        client.close();
    }
}
