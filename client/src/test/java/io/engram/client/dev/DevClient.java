package io.engram.client.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A development node with a client that speaks to it over a real socket. */
final class DevClient implements AutoCloseable {

    static final String ALICE = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    static final String BOB = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
    static final String NOBODY = "0x00000000000000000000000000000000000000cc";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final DevNode dev;

    DevClient(Optional<Path> dataPath, boolean sampleModel) throws IOException {
        this.dev = DevNode.start(new DevOptions(
                dataPath,
                Optional.empty(),
                sampleModel,
                new RpcServerOptions("127.0.0.1", 0, List.of("*"), List.of("*")),
                50_000_000,
                100,
                Wei.of(1_000)));
    }

    DevNode dev() {
        return dev;
    }

    /** @param params a JSON array in which ' stands for " */
    JsonNode answer(String method, String params) throws IOException, InterruptedException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":"
                + params.replace('\'', '"') + "}";
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dev.port()))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return MAPPER.readTree(response.body());
    }

    JsonNode call(String method, String params) throws IOException, InterruptedException {
        JsonNode answer = answer(method, params);
        assertThat(answer.has("result")).as("%s%s: %s", method, params, answer).isTrue();
        return answer.path("result");
    }

    String text(String method, String params) throws IOException, InterruptedException {
        return call(method, params).asText();
    }

    long number(String method, String params) throws IOException, InterruptedException {
        return Long.decode(text(method, params));
    }

    JsonNode error(String method, String params) throws IOException, InterruptedException {
        JsonNode answer = answer(method, params);
        assertThat(answer.has("error")).as("%s%s: %s", method, params, answer).isTrue();
        return answer.path("error");
    }

    int errorCode(String method, String params) throws IOException, InterruptedException {
        return error(method, params).path("code").asInt();
    }

    /** Sends from the first account and returns the receipt. */
    JsonNode send(String fields) throws IOException, InterruptedException {
        String hash = text("eth_sendTransaction", "[{'from':'" + ALICE + "'," + fields + "}]");
        return call("eth_getTransactionReceipt", "['" + hash + "']");
    }

    @Override
    public void close() throws IOException {
        dev.close();
        client.close();
    }
}
