package io.engram.client.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.chain.ChainStore;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.node.InferenceSettings;
import io.engram.client.node.NetworkOptions;
import io.engram.client.node.NetworkPublication;
import io.engram.client.node.NodeOptions;
import io.engram.client.node.NodeServer;
import io.engram.client.node.SyncInference;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Clamp;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes with sockets and databases follow a chain whose model no node holds any more. */
class SealedSyncTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final SigningKey VALIDATOR = SigningKey.of(1);
    private static final GenesisFile GENESIS = DevGenesis.of(VALIDATOR.address());
    private static final int INFERENCES = 5;
    private static final int WORD = 32;

    @TempDir
    Path folder;

    private final List<NodeServer> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (NodeServer node : running) {
            node.close();
        }
    }

    /** @param others whom the node knows */
    private NodeServer start(SigningKey key, SyncInference sync, NodeServer... others) throws Exception {
        Path data = folder.resolve(key.address().toHex());
        Files.createDirectories(data);
        Files.writeString(data.resolve("key"), key.keys().privateKey().toHex());
        NodeServer node = NodeServer.start(
                new NodeOptions(
                        data,
                        GENESIS,
                        Optional.empty(),
                        Optional.of(new RpcServerOptions("127.0.0.1", 0, List.of(), List.of("*"))),
                        Optional.of(new NetworkOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                "127.0.0.1",
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                List.of(others).stream()
                                        .map(other ->
                                                other.network().orElseThrow().enode())
                                        .toList(),
                                25,
                                Optional.empty(),
                                Set.of(),
                                0)),
                        QbftOptions.DEFAULT,
                        50_000_000,
                        5_000,
                        Wei.of(1),
                        InferenceSettings.of(new ReferenceBackend()).withSync(sync),
                        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                List.of());
        running.add(node);
        return node;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static byte[] file() throws Exception {
        GraphBuilder builder = new GraphBuilder(ACCOUNT.address(), 4);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 4), -128, 127, new Scale(1, 0), 0));
        builder.output(builder.node(new Clamp(-100, 3), input), new Scale(1, 0), 0);
        return ModelWriter.write(builder.build());
    }

    private static Bytes call(Model model, Bytes input) {
        return Bytes.concatenate(
                Keccak256.hash("infer(bytes32,bytes)".getBytes(StandardCharsets.US_ASCII))
                        .toBytes()
                        .slice(0, 4),
                model.id().toBytes(),
                UInt256.valueOf(2 * WORD).toBytes(),
                UInt256.valueOf(input.size()).toBytes(),
                input,
                Bytes.wrap(new byte[WORD - input.size()]));
    }

    private static boolean has(NodeServer node, ChainStore.Head block) {
        return node.node().chain().store().canonicalHash(block.number()).equals(Optional.of(block.hash()));
    }

    /** The validator says that it lacks the model itself, and does not propose another node that lacks it. */
    private static void requireTold(NodeServer validator, Model model) throws Exception {
        String self = VALIDATOR.address().toHex();
        String candidate = SigningKey.of(2).address().toHex();
        try (RpcClient rpc =
                new RpcClient("http://127.0.0.1:" + validator.port().orElseThrow())) {
            JsonNode lacking =
                    rpc.call("qbft_getStatus").path("models").path("lacking").path(self);
            assertThat(lacking.path("count").asText()).isEqualTo("0x1");
            assertThat(lacking.path("models").path(0).asText())
                    .isEqualTo(model.id().toHex());
            assertThatThrownBy(() -> rpc.call("qbft_proposeValidatorVote", candidate, true))
                    .hasMessageContaining(candidate + " lacks 1 of the active models");
            assertThat(rpc.call("qbft_proposeValidatorVote", candidate, true, true)
                            .asBoolean())
                    .isTrue();
            rpc.call("qbft_discardValidatorVote", candidate);
        }
        URI metrics = URI.create("http://127.0.0.1:" + validator.metricsPort().orElseThrow() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("engram_validator_models_lacking{validator=\"" + self + "\"} 1.0");
        }
    }

    @Test
    void aChainIsFollowedWithoutItsModelAndVerifiedWithIt() throws Exception {
        NodeServer validator = start(VALIDATOR, SyncInference.VERIFY);
        byte[] file = file();
        Model model = Model.load(file, InferenceConfig.Limits.DEFAULT);
        try (RpcClient rpc =
                new RpcClient("http://127.0.0.1:" + validator.port().orElseThrow())) {
            RpcAccount payer = RpcAccount.open(rpc, ACCOUNT);
            new NetworkPublication(rpc, payer, model, file, line -> {}).run(PATIENCE);
            RpcAccount caller = RpcAccount.open(rpc, ACCOUNT);
            for (int i = 0; i < INFERENCES; i++) {
                // Every second call is a batch
                Bytes input = i % 2 == 0 ? Bytes.of(i, 2, 3, 4) : Bytes.of(i, 2, 3, 4, 5, 6, 7, i);
                caller.await(caller.send(
                        RpcAccount.Action.call(SystemContracts.INFERENCE_GATEWAY, call(model, input)),
                        5_000_000,
                        caller.gasPrice()));
            }
        }
        ChainStore.Head end = validator.node().chain().head();
        Files.delete(validator.node().models().path(model.id()));

        await(
                "the validator has noticed",
                () -> validator.exchange().orElseThrow().lacking().contains(model.id()));

        NodeServer sealed = start(SigningKey.of(2), SyncInference.SEALED, validator);
        await("it has the last inference without any model", () -> has(sealed, end));
        assertThat(sealed.node().models().list()).isEmpty();
        requireTold(validator, model);

        // Another one hears of the chain from it alone.
        NodeServer second = start(SigningKey.of(3), SyncInference.SEALED, sealed);
        await("what was taken from a peer is passed on", () -> has(second, end));
        assertThat(second.node().models().list()).isEmpty();

        NodeServer verifying = start(SigningKey.of(4), SyncInference.VERIFY, validator);
        await(
                "it knows the model",
                () -> verifying.exchange().orElseThrow().lacking().contains(model.id()));
        long before = verifying.node().chain().head().number();
        assertThat(before).isLessThan(end.number());
        Model _ = verifying.node().models().add(file);
        await("with the model it computes the same", () -> has(verifying, end));
    }
}
