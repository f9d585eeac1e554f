package io.engram.client.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The transport and dispatch over a real socket, with methods made for the purpose. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final RpcExecutor executor = new RpcExecutor(2, 64);
    private final SubscriptionHub hub = new SubscriptionHub();
    private final RpcServer server;
    private final RpcServer guarded;

    RpcServerTest() throws IOException {
        RpcRegistry registry = new RpcRegistry()
                .cheap("test_echo", parameters -> Json.array(parameters.values(), node -> node))
                .cheap("test_quantity", parameters -> RpcHex.quantity(parameters.quantity(0, "amount")))
                .execution("test_slow", parameters -> Json.text("done"))
                .execution("test_revert", parameters -> {
                    throw new RpcException(
                            RpcErrorCode.EXECUTION_REVERTED,
                            "execution reverted",
                            Optional.of(Bytes.fromHexString("0x08c379a0")));
                })
                .cheap("test_bug", parameters -> {
                    throw new IllegalStateException("a bug with secrets");
                })
                .disabled(List.of("evm_mine"));
        server = RpcServer.start(
                new RpcServerOptions("127.0.0.1", 0, List.of("*"), List.of("*")), registry, executor, hub);
        guarded = RpcServer.start(
                new RpcServerOptions("127.0.0.1", 0, List.of("https://dapp.example"), List.of("node.example")),
                registry,
                executor,
                hub);
    }

    @BeforeAll
    void answersAtAll() throws Exception {
        assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test_echo\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() {
        server.close();
        guarded.close();
        executor.close();
        client.close();
    }

    @Test
    void a_request_gets_its_result_under_its_own_id() throws Exception {
        JsonNode answer = call("{\"jsonrpc\":\"2.0\",\"id\":\"a7\",\"method\":\"test_echo\",\"params\":[1,\"x\"]}");
        assertThat(answer.path("id").asText()).isEqualTo("a7");
        assertThat(answer.path("jsonrpc").asText()).isEqualTo("2.0");
        assertThat(answer.path("result").toString()).isEqualTo("[1,\"x\"]");
    }

    @Test
    void text_that_is_no_json_is_a_parse_error() throws Exception {
        for (String text : List.of("", "{", "[1,", "nonsense", "{}{}", "\u0000", "[".repeat(100))) {
            assertThat(code(call(text))).as(text).isEqualTo(-32700);
        }
    }

    @Test
    void json_that_is_no_request_is_an_invalid_request() throws Exception {
        for (String text : List.of(
                "1",
                "null",
                "\"x\"",
                "{}",
                "[]",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"test_echo\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"test_echo\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}")) {
            assertThat(code(call(text))).as(text).isEqualTo(-32600);
        }
    }

    @Test
    void an_unknown_method_is_told_from_one_that_is_off() throws Exception {
        assertThat(code(call(request("eth_nothing", "[]")))).isEqualTo(-32601);
        assertThat(code(call(request("evm_mine", "[]")))).isEqualTo(-32604);
    }

    @Test
    void invalid_parameters_are_named() throws Exception {
        for (String params : List.of(
                "[]", "[null]", "[5]", "[\"5\"]", "[\"0x\"]", "[\"0x05\"]", "[\"0xg\"]", "[\"0x8000000000000000\"]")) {
            JsonNode answer = call(request("test_quantity", params));
            assertThat(code(answer)).as(params).isEqualTo(-32602);
            assertThat(answer.path("error").path("message").asText()).contains("amount");
        }
        assertThat(call(request("test_quantity", "[\"0x0\"]")).path("result").asText())
                .isEqualTo("0x0");
        assertThat(code(call(request("test_quantity", "{}")))).isEqualTo(-32602);
    }

    @Test
    void revert_data_is_one_hex_string_under_code_three() throws Exception {
        JsonNode error = call(request("test_revert", "[]")).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(3);
        assertThat(error.path("data").asText()).isEqualTo("0x08c379a0");
    }

    @Test
    void a_bug_is_an_internal_error_that_tells_nothing() throws Exception {
        JsonNode answer = call(request("test_bug", "[]"));
        assertThat(code(answer)).isEqualTo(-32603);
        assertThat(answer.toString()).doesNotContain("secrets");
    }

    @Test
    void a_batch_is_answered_in_order_and_notifications_are_not() throws Exception {
        JsonNode answers = call("[" + request("test_slow", "[]") + ",{\"jsonrpc\":\"2.0\",\"method\":\"test_echo\"},5,"
                + request("test_echo", "[3]") + "]");
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).path("result").asText()).isEqualTo("done");
        assertThat(code(answers.get(1))).isEqualTo(-32600);
        assertThat(answers.get(2).path("result").toString()).isEqualTo("[3]");
    }

    @Test
    void a_batch_over_the_limit_is_refused_as_a_whole() throws Exception {
        String member = request("test_echo", "[]");
        String full = "[" + (member + ",").repeat(RpcLimits.BATCH - 1) + member + "]";
        assertThat(call(full)).hasSize(RpcLimits.BATCH);
        String over = "[" + (member + ",").repeat(RpcLimits.BATCH) + member + "]";
        assertThat(code(call(over))).isEqualTo(-32005);
    }

    @Test
    void notifications_alone_are_answered_with_no_content() throws Exception {
        assertThat(post("{\"jsonrpc\":\"2.0\",\"method\":\"test_echo\"}").statusCode())
                .isEqualTo(204);
        assertThat(post("[{\"jsonrpc\":\"2.0\",\"method\":\"test_slow\"}]").statusCode())
                .isEqualTo(204);
    }

    @Test
    void an_oversized_body_is_refused_with_a_json_rpc_error() throws Exception {
        HttpResponse<String> response = post(" ".repeat(RpcLimits.BODY_BYTES + 1));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(code(Json.MAPPER.readTree(response.body()))).isEqualTo(-32005);
    }

    @Test
    void liveness_answers_and_other_paths_ask_for_post() throws Exception {
        assertThat(get("/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/").statusCode()).isEqualTo(405);
    }

    @Test
    void cors_lets_in_the_origins_that_are_listed() throws Exception {
        HttpResponse<String> open = client.send(
                HttpRequest.newBuilder(uri(server, ""))
                        .header("Origin", "https://any.example")
                        .header("Access-Control-Request-Headers", "content-type,x-key")
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(open.statusCode()).isEqualTo(204);
        assertThat(open.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(open.headers().firstValue("access-control-allow-headers")).hasValue("content-type,x-key");
    }

    @Test
    void a_host_name_off_the_list_is_refused() throws Exception {
        HttpResponse<String> refused = client.send(
                HttpRequest.newBuilder(uri(guarded, ""))
                        .POST(BodyPublishers.ofString(request("test_echo", "[]")))
                        .build(),
                BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(403);
    }

    @Test
    void any_bytes_are_answered_with_a_json_rpc_error() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] sample = ("[" + request("test_quantity", "[\"0x1f\",{\"a\":[1,2.5e3,null,true]}]") + "]")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 600; i++) {
            byte[] body = mutate(sample, random);
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri(server, ""))
                            .timeout(PATIENCE)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).as("seed %d round %d", seed, i).isIn(200, 204);
            if (response.statusCode() == 200) {
                JsonNode answer = Json.MAPPER.readTree(response.body());
                JsonNode first = answer.isArray() ? answer.get(0) : answer;
                assertThat(first.has("error") ^ first.has("result"))
                        .as("seed %d round %d: %s", seed, i, response.body())
                        .isTrue();
            }
        }
    }

    private static byte[] mutate(byte[] sample, RandomGenerator random) {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] body = java.util.Arrays.copyOf(sample, 1 + random.nextInt(sample.length));
        if (random.nextBoolean()) {
            body = sample.clone();
        }
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    @Test
    void a_subscription_is_delivered_until_it_is_cancelled() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port()), new Collector(messages))
                .get(20, TimeUnit.SECONDS);
        socket.sendText(request("eth_subscribe", "[\"newHeads\"]"), true).join();
        String id = next(messages).path("result").asText();
        hub.publish(topic -> List.of(Json.text("head")));
        JsonNode event = next(messages);
        assertThat(event.path("method").asText()).isEqualTo("eth_subscription");
        assertThat(event.path("params").path("subscription").asText()).isEqualTo(id);
        assertThat(event.path("params").path("result").asText()).isEqualTo("head");
        socket.sendText(request("eth_unsubscribe", "[\"" + id + "\"]"), true).join();
        assertThat(next(messages).path("result").asBoolean()).isTrue();
        hub.publish(topic -> List.of(Json.text("head")));
        socket.sendText(request("test_slow", "[]"), true).join();
        assertThat(next(messages).path("result").asText()).isEqualTo("done");
        socket.sendText(request("eth_subscribe", "[\"weather\"]"), true).join();
        assertThat(code(next(messages))).isEqualTo(-32602);
        socket.abort();
    }

    private static JsonNode next(BlockingQueue<String> messages) throws Exception {
        String message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        return Json.MAPPER.readTree(message == null ? "" : message);
    }

    private record Collector(BlockingQueue<String> messages) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            messages.add(text.toString());
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedStage(null);
        }
    }

    private static String request(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static int code(JsonNode answer) {
        return answer.path("error").path("code").asInt();
    }

    private JsonNode call(String body) throws Exception {
        return Json.MAPPER.readTree(post(body).body());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(server, ""))
                        .timeout(PATIENCE)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(server, path)).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private static URI uri(RpcServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
