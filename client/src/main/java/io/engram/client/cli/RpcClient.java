package io.engram.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls a node's JSON-RPC, for commands that act on a running chain. */
final class RpcClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int RECEIPT_POLLS = 600;
    private static final long POLL_MILLIS = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI uri;

    RpcClient(String url) {
        this.uri = URI.create(url);
    }

    /** The call failed, or the node answered with an error. */
    static final class RpcFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RpcFailedException(String message) {
            super(message);
        }
    }

    /**
     * The result of a call.
     *
     * @throws RpcFailedException with the node's error
     * @throws UncheckedIOException when the node cannot be reached
     */
    JsonNode call(String method, String... parameters) {
        ObjectNode request =
                MAPPER.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ArrayNode params = request.putArray("params");
        for (String parameter : parameters) {
            params.add(parameter);
        }
        JsonNode answer = post(request);
        if (answer.has("error")) {
            throw new RpcFailedException(
                    method + ": " + answer.path("error").path("message").asText());
        }
        return answer.path("result");
    }

    private JsonNode post(JsonNode request) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(TIMEOUT)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new RpcFailedException(uri + " does not speak JSON-RPC");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot reach " + uri + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcFailedException("interrupted");
        }
    }

    /** Polls until the transaction is in a block. */
    JsonNode awaitReceipt(Hash hash) throws InterruptedException, CommandFailedException {
        for (int i = 0; i < RECEIPT_POLLS; i++) {
            JsonNode receipt = call("eth_getTransactionReceipt", hash.toHex());
            if (!receipt.isNull()) {
                return receipt;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new CommandFailedException(
                "transaction " + hash + " is in no block after " + RECEIPT_POLLS * POLL_MILLIS / 1_000 + " s");
    }
}
