package io.engram.client.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.ImportSummary;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ethereum's public JSON-RPC conversations, over a real socket, against a node that has imported their chain. Found
 * through the system property {@code engram.corpora}. A conversation marked {@code speconly} gives an example of an
 * answer: there only its kind is compared. Error texts are each client's own.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcCompatTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int METHOD_NOT_FOUND = -32601;
    private static final String BLOB = "send-blob-tx.io";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, AtomicInteger> passed = new TreeMap<>();
    private final Map<String, AtomicInteger> all = new TreeMap<>();
    private Path tests = Path.of("");
    private Optional<NodeServer> running = Optional.empty();

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InvalidGenesisException {
        String corpora = System.getProperty("engram.corpora", "");
        assumeTrue(!corpora.isEmpty(), "the system property engram.corpora is not set");
        tests = Path.of(corpora).resolve("rpc-compat/tests");
        assumeTrue(Files.isDirectory(tests), "no rpc-compat in the folder engram.corpora");
        NodeServer server = NodeServer.start(
                new NodeOptions(
                        temporary,
                        GenesisFile.read(tests.resolve("genesis.json")),
                        Optional.empty(),
                        Optional.of(new RpcServerOptions("127.0.0.1", 0, List.of("*"), List.of("*"))),
                        Optional.empty(),
                        QbftOptions.DEFAULT,
                        50_000_000,
                        5_000,
                        Wei.of(1),
                        InferenceSettings.of(new ReferenceBackend()),
                        Optional.empty()),
                List.of());
        running = Optional.of(server);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tests.resolve("chain.rlp")))) {
            ImportSummary summary = server.node().importer().importAll(in);
            assertThat(summary.failure()).isEmpty();
        }
    }

    @AfterAll
    void stop() throws IOException {
        all.forEach((method, count) ->
                System.out.println(method + ": " + passed.getOrDefault(method, new AtomicInteger()) + " of " + count));
        if (running.isPresent()) {
            running.get().close();
        }
        client.close();
    }

    @TestFactory
    Stream<DynamicTest> conversations() throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            return files.filter(file -> file.toString().endsWith(".io")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            tests.relativize(file).toString(), file.toUri(), () -> converse(file)));
        }
    }

    private void converse(Path file) throws IOException, InterruptedException {
        String method = file.getName(file.getNameCount() - 2).toString();
        all.computeIfAbsent(method, unseen -> new AtomicInteger()).incrementAndGet();
        assumeFalse(file.endsWith(BLOB), "no blob sidecars travel on this network");
        boolean specOnly = false;
        Optional<JsonNode> answer = Optional.empty();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("// speconly:")) {
                specOnly = true;
            } else if (line.startsWith(">> ")) {
                answer = Optional.of(post(line.substring(3)));
            } else if (line.startsWith("<< ")) {
                compare(JSON.readTree(line.substring(3)), answer.orElseThrow(), specOnly);
            }
        }
        passed.computeIfAbsent(method, unseen -> new AtomicInteger()).incrementAndGet();
    }

    private static void compare(JsonNode expected, JsonNode actual, boolean specOnly) {
        assumeTrue(
                actual.path("error").path("code").asInt() != METHOD_NOT_FOUND
                        || expected.path("error").path("code").asInt() == METHOD_NOT_FOUND,
                "this node does not have the method");
        if (specOnly) {
            assertThat(actual.has("result")).as("%s", actual).isEqualTo(expected.has("result"));
            assertThat(actual.path("result").getNodeType())
                    .isEqualTo(expected.path("result").getNodeType());
            return;
        }
        dropMessages(expected);
        dropMessages(actual);
        assertThat(actual).isEqualTo(expected);
    }

    /** Removes the text of every error that has one. */
    private static void dropMessages(JsonNode node) {
        if (node.path("error") instanceof ObjectNode error) {
            error.remove("message");
        }
        node.forEach(RpcCompatTest::dropMessages);
    }

    private JsonNode post(String body) throws IOException, InterruptedException {
        int port = running.flatMap(NodeServer::port).orElseThrow();
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body());
    }
}
