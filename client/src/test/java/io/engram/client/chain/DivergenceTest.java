package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.divergence.Divergence;
import io.engram.client.keystore.KeyFile;
import io.engram.client.node.InferenceSettings;
import io.engram.client.node.NetworkOptions;
import io.engram.client.node.NodeOptions;
import io.engram.client.node.NodeServer;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.BitFlipBackend;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.Clamp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four validators over real sockets, one of whose back ends gets a step wrong for good: every other one says which. */
class DivergenceTest {

    private static final long PATIENCE_MILLIS = 120_000;
    private static final int FAULTY_STEP = 1;
    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final List<SigningKey> KEYS =
            IntStream.rangeClosed(1, 4).mapToObj(SigningKey::of).toList();
    private static final SigningKey FAULTY = KEYS.getLast();
    private static final GenesisFile GENESIS = DevGenesis.template()
            .withValidators(KEYS.stream().map(SigningKey::address).toList());
    private static final String TERMS = "(bytes32,address,uint16,bytes32[]";
    private static final Bytes INPUT = Bytes.fromHexString("0x01020304");

    @TempDir
    Path folder;

    private final List<NodeServer> nodes = new ArrayList<>();
    private long nonce;

    private NodeServer start(SigningKey key, Backend backend) throws Exception {
        Path own = folder.resolve(key.address().toHex());
        Files.createDirectories(own);
        Path keyFile = Files.writeString(
                own.resolve("key.hex"), key.keys().privateKey().toHex());
        NodeServer node = NodeServer.start(
                new NodeOptions(
                        own.resolve("data"),
                        GENESIS,
                        Optional.of(new KeyFile(keyFile, Optional.empty())),
                        Optional.empty(),
                        Optional.of(new NetworkOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                "127.0.0.1",
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                nodes.stream()
                                        .map(other ->
                                                other.network().orElseThrow().enode())
                                        .toList(),
                                10,
                                Optional.empty(),
                                Set.of(),
                                0)),
                        QbftOptions.DEFAULT,
                        50_000_000,
                        5_000,
                        Wei.of(1),
                        InferenceSettings.of(backend),
                        Optional.empty()),
                List.of());
        nodes.add(node);
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (NodeServer node : nodes) {
            node.close();
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.getAsBoolean()) {
            assertThat(System.currentTimeMillis()).as(what).isLessThan(end);
            Thread.sleep(50);
        }
    }

    /** A dense layer and a clamp. */
    private static byte[] file() throws Exception {
        GraphBuilder builder = new GraphBuilder(ACCOUNT.address(), 4);
        builder.output(builder.node(new Clamp(-100, 100), SmallNetworks.dense(builder)), new Scale(1, 0), 0);
        return ModelWriter.write(builder.build());
    }

    private void send(Address to, Bytes data, Wei value) throws InterruptedException {
        Transaction transaction = UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonce++)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(2_000_000)
                .to(to)
                .data(data)
                .value(value)
                .sign(ACCOUNT);
        for (NodeServer node : nodes) {
            Object _ = node.node().pool().add(transaction);
        }
        await(
                "transaction " + transaction.hash(),
                () -> nodes.stream()
                        .allMatch(node -> node.node()
                                .chain()
                                .store()
                                .transaction(transaction.hash())
                                .isPresent()));
    }

    private static Abi.Argument[] terms(Model model, Abi.Argument... more) {
        Abi.Argument[] terms = new Abi.Argument[4 + more.length];
        terms[0] = Abi.word(model.id().toBytes());
        terms[1] = Abi.word(ACCOUNT.address().toBytes());
        terms[2] = Abi.number(0);
        terms[3] = Abi.words(model.facts().toWords());
        System.arraycopy(more, 0, terms, 4, more.length);
        return terms;
    }

    private Model publish() throws Exception {
        byte[] file = file();
        for (NodeServer node : nodes) {
            Model _ = node.node().models().add(file);
        }
        Model model = nodes.getFirst().node().models().add(file);
        Wei price = GENESIS.config().inference().orElseThrow().pricePerByte().times(file.length);
        send(SystemContracts.MODEL_REGISTRY, Abi.call("announce" + TERMS + ")", terms(model)), price);
        TransactionOutcome outcome = nodes.getFirst()
                .node()
                .simulator()
                .call(
                        nodes.getFirst().node().chain().head().header(),
                        Call.of(
                                ACCOUNT.address(),
                                Optional.of(SystemContracts.MODEL_REGISTRY),
                                Wei.ZERO,
                                Abi.call("attestationDigest" + TERMS + ")", terms(model)),
                                15_000_000),
                        journal -> {},
                        Tracer.NONE)
                .orElseThrow();
        Hash digest = Hash.of(((TransactionOutcome.Executed) outcome).output());
        List<Bytes> signatures = KEYS.stream()
                .sorted(Comparator.comparing(SigningKey::address))
                .limit(3)
                .map(key -> rpcForm(key.sign(digest)))
                .toList();
        send(
                SystemContracts.MODEL_REGISTRY,
                Abi.call("attest" + TERMS + ",bytes[])", terms(model, Abi.array(signatures))),
                Wei.ZERO);
        return model;
    }

    private static Bytes rpcForm(Signature signature) {
        return Bytes.concatenate(signature.r().toBytes(), signature.s().toBytes(), Bytes.of(27 + signature.yParity()));
    }

    private static Optional<Divergence> ofProposer(NodeServer node) {
        return node.divergences().orElseThrow().latest().stream()
                .filter(found -> found.verdict() == Divergence.Verdict.PROPOSER)
                .findFirst();
    }

    @Test
    void everyHonestValidatorNamesModelStepAndOperator() throws Exception {
        for (SigningKey key : KEYS) {
            NodeServer _ = start(
                    key,
                    key.equals(FAULTY)
                            ? new BitFlipBackend(new ReferenceBackend(), FAULTY_STEP, 3)
                            : new ReferenceBackend());
        }
        Model model = publish();
        List<NodeServer> honest = nodes.subList(0, 3);
        for (int i = 0;
                i < 12 && honest.stream().anyMatch(node -> ofProposer(node).isEmpty());
                i++) {
            send(
                    SystemContracts.INFERENCE_GATEWAY,
                    Abi.call("infer(bytes32,bytes)", Abi.word(model.id().toBytes()), Abi.bytes(INPUT)),
                    Wei.ZERO);
        }
        await(
                "a report by each honest validator",
                () -> honest.stream().allMatch(node -> ofProposer(node).isPresent()));
        for (NodeServer node : honest) {
            Divergence found = ofProposer(node).orElseThrow();
            assertThat(found.proposer()).isEqualTo(FAULTY.address());
            assertThat(found.place()).as(found.detail()).hasValueSatisfying(place -> {
                assertThat(place.modelId()).isEqualTo(model.id());
                assertThat(place.step()).isEqualTo(FAULTY_STEP);
                assertThat(place.operator()).isEqualTo("clamp");
                assertThat(place.claimed()).isNotEqualTo(place.recomputed());
            });
            assertThat(node.divergences().orElseThrow().count(Divergence.Verdict.THIS_NODE))
                    .isZero();
        }
        for (NodeServer node : nodes) {
            assertThat(node.divergences().orElseThrow().latest())
                    .as("each block once")
                    .extracting(Divergence::block)
                    .doesNotHaveDuplicates();
        }
        // It judges the blocks of others too, and finds itself wrong at the same step.
        NodeServer faulty = nodes.getLast();
        await(
                "the faulty validator's own report",
                () -> faulty.divergences().orElseThrow().count(Divergence.Verdict.THIS_NODE) > 0);
        Divergence own = faulty.divergences().orElseThrow().latest().stream()
                .filter(found -> found.verdict() == Divergence.Verdict.THIS_NODE)
                .findFirst()
                .orElseThrow();
        assertThat(own.backend()).isEqualTo("faulty reference");
        assertThat(own.place()).as(own.detail()).hasValueSatisfying(place -> {
            assertThat(place.modelId()).isEqualTo(model.id());
            assertThat(place.step()).isEqualTo(FAULTY_STEP);
            assertThat(place.operator()).isEqualTo("clamp");
        });
    }
}
