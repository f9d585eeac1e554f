package io.engram.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.cli.Main;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.node.InferenceSettings;
import io.engram.client.node.NetworkOptions;
import io.engram.client.node.NetworkPublication;
import io.engram.client.node.NodeOptions;
import io.engram.client.node.NodeServer;
import io.engram.client.node.RegistryCalls;
import io.engram.client.node.RemoteSuspension;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.client.rpc.RpcServerOptions;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
import io.engram.p2p.peer.EnodeUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four validators, whole nodes with their sockets and databases, that get their models from each other. */
class ModelNetworkTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final List<SigningKey> KEYS =
            IntStream.rangeClosed(1, 5).mapToObj(SigningKey::of).toList();
    private static final int VALIDATORS = 4;
    private static final int NOTICE = 3;
    private static final GenesisFile GENESIS = genesis();
    private static final int OUTPUTS = 4_000;
    private static final Wei PRICE = GENESIS.config().inference().orElseThrow().pricePerByte();

    @TempDir
    Path folder;

    private final List<NodeServer> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (NodeServer node : running) {
            node.close();
        }
    }

    private static GenesisFile genesis() {
        String notice = "\"inference\": {\"retirementNotice\": " + NOTICE + ",";
        try {
            return GenesisFile.parse(DevGenesis.text().replace("\"inference\": {", notice))
                    .withValidators(KEYS.subList(0, VALIDATORS).stream()
                            .map(SigningKey::address)
                            .sorted()
                            .toList());
        } catch (InvalidGenesisException e) {
            throw new IllegalStateException(e);
        }
    }

    private void startValidators() throws Exception {
        for (int i = 0; i < VALIDATORS; i++) {
            start(i);
        }
    }

    private Path data(int number) {
        return folder.resolve("node" + number);
    }

    private NodeServer start(int number) throws Exception {
        Files.createDirectories(data(number));
        Files.writeString(
                data(number).resolve("key"),
                KEYS.get(number).keys().privateKey().toHex());
        List<EnodeUrl> others = running.stream()
                .map(node -> node.network().orElseThrow().enode())
                .toList();
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        NodeServer node = NodeServer.start(
                new NodeOptions(
                        data(number),
                        GENESIS,
                        Optional.empty(),
                        Optional.of(new RpcServerOptions("127.0.0.1", 0, List.of(), List.of("*"))),
                        Optional.of(new NetworkOptions(
                                loopback,
                                "127.0.0.1",
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                others,
                                25,
                                Optional.empty(),
                                Set.of(),
                                0)),
                        QbftOptions.DEFAULT,
                        50_000_000,
                        5_000,
                        Wei.of(1),
                        InferenceSettings.of(new ReferenceBackend()),
                        Optional.empty()),
                List.of());
        running.add(node);
        return node;
    }

    private static RpcClient rpc(NodeServer node) {
        return new RpcClient("http://127.0.0.1:" + node.port().orElseThrow());
    }

    /** Something about the network that is asked again and again. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static long height(NodeServer node) {
        return node.node().chain().head().number();
    }

    private static void infer(RpcClient rpc, Model model) throws Exception {
        RpcAccount account = RpcAccount.open(rpc, ACCOUNT);
        byte[] input = new byte[SampleModels.INPUTS];
        Bytes call = Bytes.concatenate(
                selector("infer(bytes32,bytes)"),
                model.id().toBytes(),
                word(64),
                word(input.length),
                Bytes.wrap(input));
        account.await(account.send(
                RpcAccount.Action.call(SystemContracts.INFERENCE_GATEWAY, call), 5_000_000, account.gasPrice()));
    }

    private static Bytes selector(String signature) {
        return Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII))
                .toBytes()
                .slice(0, 4);
    }

    private static Bytes word(long value) {
        return UInt256.valueOf(value).toBytes();
    }

    @Test
    void aModelThatOneNodeHoldsBecomesCallableEverywhereAndStaysSoWithoutIt() throws Exception {
        startValidators();
        byte[] file = SampleModels.sound(ACCOUNT.address(), OUTPUTS, 1);
        Model model = Model.load(file, InferenceConfig.Limits.DEFAULT);
        NodeServer publisher = running.getFirst();
        List<String> lines = new ArrayList<>();
        try (RpcClient rpc = rpc(publisher)) {
            RpcAccount payer = RpcAccount.open(rpc, ACCOUNT);
            new NetworkPublication(rpc, payer, model, file, lines::add).run(PATIENCE);
            // Once more changes nothing and costs nothing.
            long nonce = publisher.node().pool().nextNonce(ACCOUNT.address());
            new NetworkPublication(rpc, payer, model, file, lines::add).run(PATIENCE);
            assertThat(publisher.node().pool().nextNonce(ACCOUNT.address())).isEqualTo(nonce);
        }
        assertThat(lines).anyMatch(line -> line.contains("signatures"));
        await(
                "everybody has the file",
                () -> running.stream().allMatch(node -> node.node().models().contains(model.id())));

        running.remove(publisher);
        publisher.close();
        NodeServer other = running.getFirst();
        try (RpcClient rpc = rpc(other)) {
            infer(rpc, model);
        }
        long head = height(other);
        await("the others go on", () -> running.stream().allMatch(node -> height(node) >= head));

        // A validator whose disk loses the file, and which has not loaded it, fetches it again and votes again.
        NodeServer wiped = running.removeLast();
        wiped.close();
        Files.delete(data(3).resolve("models").resolve(model.id().toHex() + ".egm"));
        NodeServer publisherAgain = start(0);
        await("three validators make blocks", () -> height(publisherAgain) > head + 1);
        NodeServer back = start(3);
        await("it is here again", () -> back.node().models().contains(model.id()));
        long proposals = height(back);
        try (RpcClient rpc = rpc(other)) {
            infer(rpc, model);
        }
        await("it follows", () -> height(back) > proposals + 1);
        assertThat(back.exchange().orElseThrow().lacking()).isEmpty();

        // Who joins late, with an empty disk, gets the model on its way to the head.
        long joined = height(other);
        NodeServer late = start(4);
        await("it has caught up", () -> height(late) >= joined);
        assertThat(late.node().models().contains(model.id())).isTrue();
        assertThat(late.exchange().orElseThrow().lacking()).isEmpty();
        assertThat(late.exchange().orElseThrow().chunksReceived()).isEqualTo(ChunkCheck.chunks(file.length));

        retire(other, model);
    }

    /** By the author with the command, after whose notice calls fail. */
    private void retire(NodeServer node, Model model) throws Exception {
        String url = "--rpc=http://127.0.0.1:" + node.port().orElseThrow();
        Path stranger = Files.writeString(
                folder.resolve("stranger"),
                DevAccounts.all().get(1).privateKey().toHex());
        Path author =
                Files.writeString(folder.resolve("author"), ACCOUNT.privateKey().toHex());
        assertThat(Main.run("model", "retire", model.id().toHex(), url, "--key=" + stranger))
                .isEqualTo(1);
        assertThat(Main.run("model", "retire", model.id().toHex(), url, "--key=" + author))
                .isZero();
        try (RpcClient rpc = rpc(node)) {
            JsonNode retiring = rpc.call("model_get", model.id().toHex());
            long from = Long.decode(retiring.path("retiredFrom").asText());
            long announced = from - NOTICE - 1;
            assertThat(announced).isBetween(height(node) - NOTICE, height(node));
            await("the notice is over", () -> height(node) + 1 >= from);
            for (long block = announced; block < from; block++) {
                assertThat(rpc.call("model_get", model.id().toHex(), "0x" + Long.toHexString(block))
                                .path("status")
                                .asText())
                        .as("block %d", block)
                        .isEqualTo(block + 1 < from ? "active" : "retired");
            }
        }
        // It stays announced once only.
        assertThat(Main.run("model", "retire", model.id().toHex(), url, "--key=" + author))
                .isEqualTo(1);
    }

    @Test
    void whatTheCheckerRefusesOrIsNotAsAnnouncedIsSignedByNobody() throws Exception {
        startValidators();
        byte[] overflowing = SampleModels.overflowing(ACCOUNT.address());
        byte[] lying = SampleModels.lyingAboutItsLength(ACCOUNT.address());
        byte[] other = SampleModels.sound(ACCOUNT.address(), OUTPUTS, 7);
        Model sound = Model.load(other, InferenceConfig.Limits.DEFAULT);
        NodeServer first = running.getFirst();
        Files.write(first.node().models().path(Commitments.modelId(overflowing)), overflowing);
        Files.write(first.node().models().path(Commitments.modelId(lying)), lying);
        first.node().models().add(other);
        ModelFacts facts = sound.facts();
        announce(
                first,
                new RegistryCalls(
                        Commitments.modelId(overflowing), ACCOUNT.address(), 0, facts(facts, overflowing.length)));
        announce(
                first, new RegistryCalls(Commitments.modelId(lying), ACCOUNT.address(), 0, facts(facts, lying.length)));
        announce(first, new RegistryCalls(sound.id(), ACCOUNT.address(), 0, facts(facts, 1_000)));
        Map<String, String> reasons = Map.of(
                Commitments.modelId(overflowing).toHex(), "the accumulator may reach",
                Commitments.modelId(lying).toHex(), "the header says " + (lying.length + 1) + " bytes",
                sound.id().toHex(), "announced are [1000]");
        for (NodeServer node : running.subList(1, VALIDATORS)) {
            try (RpcClient rpc = rpc(node)) {
                for (Map.Entry<String, String> expected : reasons.entrySet()) {
                    String id = expected.getKey();
                    await("it is refused", () -> rpc.call("model_get", id).hasNonNull("refused"));
                    assertThat(rpc.call("model_get", id).path("refused").asText())
                            .contains(expected.getValue());
                    assertThat(rpc.call("model_getAttestations", id).path("signatures"))
                            .isEmpty();
                    assertThat(rpc.call("model_get", id).path("status").asText())
                            .isEqualTo("announced");
                }
                assertThat(node.node().models().list()).isEmpty();
            }
        }
    }

    /** A node's view of the change, as soon as its head allows it. */
    private static RemoteSuspension suspension(RpcClient rpc, Model model, boolean suspended) throws Exception {
        await("the change is possible", () -> {
            JsonNode now = rpc.call("model_getSuspension", model.id().toHex());
            return !now.isNull() && now.path("suspended").asBoolean() == suspended;
        });
        return RemoteSuspension.of(rpc, model.id(), suspended);
    }

    /** Signatures come in at three nodes, and are submitted at a fourth. */
    private void suspend(Model model, boolean suspended) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (RpcClient rpc = rpc(running.get(i))) {
                suspension(rpc, model, suspended).sign(KEYS.get(i).keys());
            }
        }
        try (RpcClient rpc = rpc(running.get(3))) {
            RemoteSuspension there = suspension(rpc, model, suspended);
            await("a quorum of signatures", () -> there.signatures().suffice());
            there.submit(RpcAccount.open(rpc, ACCOUNT), there.signatures());
            await(
                    "the registry shows it",
                    () -> rpc.call("model_get", model.id().toHex())
                            .path("status")
                            .asText()
                            .equals(suspended ? "suspended" : "active"));
        }
    }

    @Test
    void aQuorumOfValidatorsSuspendsAModelAndLetsItGoOn() throws Exception {
        for (int i = 0; i < KEYS.size(); i++) {
            start(i);
        }
        byte[] file = SampleModels.sound(ACCOUNT.address(), OUTPUTS, 3);
        Model model = Model.load(file, InferenceConfig.Limits.DEFAULT);
        NodeServer first = running.getFirst();
        try (RpcClient rpc = rpc(first)) {
            new NetworkPublication(rpc, RpcAccount.open(rpc, ACCOUNT), model, file, line -> {}).run(PATIENCE);
            infer(rpc, model);
            await("every validator holds it", () -> {
                JsonNode models = rpc.call("qbft_getStatus").path("models");
                return models.path("lacking").isEmpty()
                        && models.path("unknown").isEmpty();
            });
            String stranger = SigningKey.of(9).address().toHex();
            assertThatThrownBy(() -> rpc.call("qbft_proposeValidatorVote", stranger, true))
                    .hasMessageContaining("is not connected");
            assertThat(rpc.call("qbft_proposeValidatorVote", stranger, false).asBoolean())
                    .isTrue();
            assertThat(rpc.call(
                                    "qbft_proposeValidatorVote",
                                    KEYS.get(2).address().toHex(),
                                    true)
                            .asBoolean())
                    .isTrue();
            rpc.call("qbft_discardValidatorVote", stranger);
            rpc.call("qbft_discardValidatorVote", KEYS.get(2).address().toHex());

            RemoteSuspension byStranger = suspension(rpc, model, true);
            assertThatThrownBy(() -> byStranger.sign(SigningKey.of(9).keys()))
                    .hasMessageContaining("no validator in force");
            suspend(model, true);
            assertThatThrownBy(() -> infer(rpc, model)).isInstanceOf(IOException.class);
            RemoteSuspension _ = suspension(rpc, model, false);
            assertThatThrownBy(() -> RemoteSuspension.of(rpc, model.id(), true))
                    .hasMessageContaining("suspended already");
            suspend(model, false);
            infer(rpc, model);
        }
    }

    /** The same with another length of the file. */
    private static ModelFacts facts(ModelFacts facts, long fileBytes) {
        return new ModelFacts(
                fileBytes,
                facts.inputBytes(),
                facts.outputBytes(),
                facts.maxBatch(),
                facts.steps(),
                facts.weightBytes(),
                facts.macs(),
                facts.depthwiseMacs(),
                facts.elements(),
                facts.hashedBytes(),
                facts.inputs(),
                facts.outputs());
    }

    private static void announce(NodeServer node, RegistryCalls calls) throws IOException, InterruptedException {
        try (RpcClient rpc = rpc(node)) {
            RpcAccount payer = RpcAccount.open(rpc, ACCOUNT);
            payer.await(payer.send(
                    new RpcAccount.Action(
                            Optional.of(SystemContracts.MODEL_REGISTRY),
                            calls.announce(),
                            PRICE.times(calls.facts().fileBytes())),
                    2_000_000,
                    payer.gasPrice()));
        }
    }
}
