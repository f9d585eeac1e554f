package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.node.ModelPublication;
import io.engram.client.pool.AddResult;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
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
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.Demand;
import io.engram.inference.engine.EngineStatus;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.engine.ModelRun;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inferences of pooled transactions are known to the node before a block asks for them, and nothing else changes. */
@Timeout(60)
class PreExecutorTest {

    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final KeyPair OTHER = DevAccounts.all().get(1);
    private static final GenesisFile GENESIS = DevGenesis.of(TestNode.VALIDATOR.address());

    @TempDir
    Path folder;

    private final AtomicBoolean endless = new AtomicBoolean();
    private TestNode node;
    private Model model;
    private byte[] file;

    /** The reference, or runs that end only by being cancelled. */
    private final Backend backend = new Backend() {
        private final ReferenceBackend reference = new ReferenceBackend();

        @Override
        public String name() {
            return "endless";
        }

        @Override
        public ModelProgram prepare(Model prepared) {
            ModelProgram program = reference.prepare(prepared);
            return new ModelProgram() {
                @Override
                public Tensor step(int index, List<Tensor> inputs) {
                    return program.step(index, inputs);
                }

                @Override
                public ModelRun run(List<Tensor> inputs, boolean commit, Cancellation cancellation) {
                    while (endless.get()) {
                        cancellation.check();
                        Thread.onSpinWait();
                    }
                    return program.run(inputs, commit, cancellation);
                }

                @Override
                public long bytes() {
                    return program.bytes();
                }
            };
        }
    };

    @BeforeEach
    void publish() throws Exception {
        node = new TestNode(folder.resolve("node"), GENESIS, backend);
        GraphBuilder builder = new GraphBuilder(ACCOUNT.address(), 4);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 4), -128, 127, Scale.ONE, 0));
        builder.output(builder.node(new ArgMax(), input), Scale.ONE, 0);
        file = ModelWriter.write(builder.build());
        model = node.models.add(file);
        ModelPublication publication = ModelPublication.of(
                model, ModelPublication.slots(node.parts.chain().states().head()));
        mine(ModelPublication.REGISTRY, publication.calls().announce(), publication.price());
        Signature signature = TestNode.VALIDATOR.sign(publication
                .calls()
                .digest(GENESIS.config().chainId(), ModelPublication.REGISTRY, publication.configHash()));
        mine(ModelPublication.REGISTRY, publication.calls().attest(List.of(signature)), Wei.ZERO);
        assertThat(ModelPublication.isActive(node.parts.chain().states().head(), model.id(), 3))
                .isTrue();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void mine(Address to, Bytes data, Wei value) {
        add(node, transaction(ACCOUNT, node.parts.pool().nextNonce(ACCOUNT.address()), to, data, value));
        produce(node);
    }

    private static Block produce(TestNode on) {
        return on.producer.produce(on.producer.nextTimestamp());
    }

    private static Transaction transaction(KeyPair key, long nonce, Address to, Bytes data, Wei value) {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonce)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(1_000_000)
                .to(to)
                .data(data)
                .value(value)
                .sign(key);
    }

    /** A call of the model with an input of its own. */
    private Transaction call(KeyPair key, long nonce, int input) {
        Bytes data = Abi.call(
                "infer(bytes32,bytes)",
                Abi.word(model.id().toBytes()),
                Abi.bytes(Bytes.ofUnsignedInt(input & 0x7f7f7f7fL)));
        return transaction(key, nonce, SystemContracts.INFERENCE_GATEWAY, data, Wei.ZERO);
    }

    private static void add(TestNode to, Transaction transaction) {
        assertThat(to.parts.pool().add(transaction)).isInstanceOf(AddResult.Added.class);
    }

    private PreExecutor start(TestNode on) {
        return PreExecutor.start(on.parts.chain(), on.parts.pool(), on.parts.executions());
    }

    private static EngineStatus.Counts counts(TestNode of, Demand.Priority priority) {
        return Objects.requireNonNull(of.engine.status().counts().get(priority));
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    @Test
    void aPooledInferenceIsKnownWhenItsBlockIsMadeAndTheBlockIsWhatItWouldHaveBeen() throws Exception {
        try (PreExecutor ahead = start(node)) {
            for (int i = 0; i < 5; i++) {
                add(node, call(ACCOUNT, 2 + i, i));
                add(node, call(OTHER, i, 100 + i));
                long known = 2L * (i + 1);
                until(() -> counts(node, Demand.Priority.AHEAD).computed() == known);
                assertThat(produce(node).body().transactions()).hasSize(2);
                assertThat(counts(node, Demand.Priority.CONSENSUS).hits()).isEqualTo(known);
            }
            assertThat(counts(node, Demand.Priority.CONSENSUS).computed()).isZero();
            assertThat(ahead.status().executed()).isEqualTo(10);
        }
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        new BlockExporter(node.parts.store())
                .export(1, node.parts.chain().head().number(), exported);
        try (TestNode verifier = new TestNode(folder.resolve("verifier"), GENESIS)) {
            verifier.models.add(file);
            assertThat(verifier.parts
                            .importer()
                            .importAll(new ByteArrayInputStream(exported.toByteArray()))
                            .failure())
                    .isEmpty();
            assertThat(verifier.parts.chain().head().hash())
                    .isEqualTo(node.parts.chain().head().hash());
        }
    }

    @Test
    void onlyTheNextTransactionOfASenderIsRunAndTransfersAreNot() throws Exception {
        try (PreExecutor ahead = start(node)) {
            add(node, call(ACCOUNT, 3, 7));
            add(node, transaction(OTHER, 0, ACCOUNT.address(), Bytes.EMPTY, Wei.of(1)));
            add(node, call(ACCOUNT, 2, 8));
            until(() -> ahead.status().executed() == 1);
            assertThat(ahead.status().queued()).isZero();
            assertThat(counts(node, Demand.Priority.AHEAD).computed()).isEqualTo(1);
            // The one behind becomes the next when the first has left.
            produce(node);
            assertThat(counts(node, Demand.Priority.CONSENSUS).hits()).isEqualTo(1);
        }
    }

    @Test
    void whatLeavesThePoolIsGivenUpAndLeavesNothing() throws Exception {
        endless.set(true);
        Transaction transaction = call(ACCOUNT, 2, 9);
        try (PreExecutor ahead = start(node)) {
            add(node, transaction);
            until(() -> node.engine.status().runningBytes() > 0);
            node.parts.pool().remove(transaction.hash());
            until(() -> ahead.status().cancelled() == 1);
            assertThat(node.engine.status().results()).isZero();
            endless.set(false);
            add(node, transaction);
            assertThat(produce(node).body().transactions()).hasSize(1);
            assertThat(node.parts
                            .store()
                            .inferences(node.parts.chain().head().hash())
                            .orElseThrow())
                    .hasSize(1);
        }
    }

    @Test
    void closingEndsARunThatIsOnItsWay() throws Exception {
        endless.set(true);
        try (PreExecutor ahead = start(node)) {
            add(node, call(ACCOUNT, 2, 9));
            until(() -> node.engine.status().runningBytes() > 0);
            assertThat(ahead.status().executed()).isZero();
        }
        assertThat(node.engine.status().runningBytes()).isZero();
    }

    @Test
    void aMissingModelFileIsNoVerdictOnTheTransaction() throws Exception {
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        new BlockExporter(node.parts.store())
                .export(1, node.parts.chain().head().number(), exported);
        try (TestNode other = new TestNode(folder.resolve("other"), GENESIS)) {
            other.parts.importer().importAll(new ByteArrayInputStream(exported.toByteArray()));
            try (PreExecutor ahead = start(other)) {
                add(other, call(ACCOUNT, 2, 3));
                add(other, transaction(OTHER, 0, SystemContracts.MODEL_REGISTRY, Bytes.EMPTY, Wei.ZERO));
                until(() -> ahead.status().executed() == 1);
                assertThat(other.parts.pool().size()).isEqualTo(2);
                assertThat(produce(other).body().transactions())
                        .as("without the call")
                        .hasSize(1);
                assertThat(other.parts.pool().size()).isEqualTo(1);
                assertThat(other.engine.status().results()).isZero();
                Files.write(other.models.path(model.id()), file);
                assertThat(produce(other).body().transactions()).hasSize(1);
                assertThat(other.engine.status().results()).isEqualTo(1);
            }
        }
    }
}
