package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.qbft.BlockVerdict;
import io.engram.client.consensus.qbft.QbftEvent;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.consensus.qbft.RoundTimeouts;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.node.ModelPublication;
import io.engram.client.pool.AddResult;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Cancellation;
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
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A validator whose inference takes for ever, and the block that the others decide meanwhile (protocol F1). */
@Timeout(60)
class ChainExecutorTest {

    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final GenesisFile GENESIS = DevGenesis.of(TestNode.VALIDATOR.address());
    private static final long TICKET = 7;

    @TempDir
    Path folder;

    private final AtomicBoolean endless = new AtomicBoolean();
    private final CountDownLatch computing = new CountDownLatch(1);
    private final BlockingQueue<QbftEvent> events = new LinkedBlockingQueue<>();
    private TestNode slow;
    private TestNode maker;
    private TestNode rival;
    private ChainExecutor executor;
    private Model model;

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
                    computing.countDown();
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
        maker = new TestNode(folder.resolve("maker"), GENESIS);
        rival = new TestNode(folder.resolve("rival"), GENESIS);
        slow = new TestNode(folder.resolve("slow"), GENESIS, backend);
        GraphBuilder builder = new GraphBuilder(ACCOUNT.address(), 1);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, 4), -128, 127, Scale.ONE, 0));
        builder.output(builder.node(new ArgMax(), input), Scale.ONE, 0);
        byte[] file = ModelWriter.write(builder.build());
        model = maker.models.add(file);
        rival.models.add(file);
        slow.models.add(file);
        ModelPublication publication = ModelPublication.of(
                model, ModelPublication.slots(maker.parts.chain().states().head()));
        share(mine(ModelPublication.REGISTRY, publication.calls().announce(), publication.price()));
        Signature signature = TestNode.VALIDATOR.sign(publication
                .calls()
                .digest(GENESIS.config().chainId(), ModelPublication.REGISTRY, publication.configHash()));
        share(mine(ModelPublication.REGISTRY, publication.calls().attest(List.of(signature)), Wei.ZERO));
        executor = new ChainExecutor(
                slow.parts, RoundTimeouts.of(GENESIS.config().qbft().orElseThrow(), QbftOptions.DEFAULT), events::add);
    }

    @AfterEach
    void close() {
        endless.set(false);
        executor.close();
        slow.close();
        rival.close();
        maker.close();
    }

    private Block mine(Address to, Bytes data, Wei value) {
        assertThat(maker.parts
                        .pool()
                        .add(UnsignedTransaction.of(TransactionType.FEE_MARKET)
                                .chainId(1_337)
                                .nonce(maker.parts.pool().nextNonce(ACCOUNT.address()))
                                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                                .gasLimit(1_000_000)
                                .to(to)
                                .data(data)
                                .value(value)
                                .sign(ACCOUNT)))
                .isInstanceOf(AddResult.Added.class);
        return produce(maker);
    }

    private static Block produce(TestNode on) {
        return on.producer.produce(on.producer.nextTimestamp());
    }

    private void share(Block block) {
        assertThat(slow.parts.importer().importBlock(block)).isInstanceOf(ImportResult.Imported.class);
        assertThat(rival.parts.importer().importBlock(block)).isInstanceOf(ImportResult.Imported.class);
    }

    private Block withInference() {
        Bytes call = Abi.call(
                "infer(bytes32,bytes)", Abi.word(model.id().toBytes()), Abi.bytes(Bytes.fromHexString("0x01020304")));
        return mine(SystemContracts.INFERENCE_GATEWAY, call, Wei.ZERO);
    }

    private static Block unsealed(Block block) throws RlpException {
        return BftBlock.of(block).withRound(0).block();
    }

    private void beginToValidate(Block block) throws InterruptedException, RlpException {
        endless.set(true);
        BlockHeader parent = slow.parts.chain().head().header();
        events.clear();
        executor.validate(TICKET, unsealed(block), parent);
        assertThat(computing.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private BlockVerdict verdict() throws InterruptedException {
        while (true) {
            if (events.take() instanceof QbftEvent.BlockJudged judged) {
                assertThat(judged.ticket()).isEqualTo(TICKET);
                return judged.verdict();
            }
        }
    }

    @Test
    void anExecutionIsGivenUpWhenSyncBringsAnotherBlockOfItsHeight() throws Exception {
        beginToValidate(withInference());
        Block decided = produce(rival);
        assertThat(slow.parts.importer().importBlock(decided)).isInstanceOf(ImportResult.Imported.class);
        assertThat(verdict())
                .isInstanceOfSatisfying(
                        BlockVerdict.LocalFault.class,
                        fault -> assertThat(fault.reason()).contains("another block is decided"));
    }

    @Test
    void anExecutionIsGivenUpWhenConsensusDecidesAnotherBlock() throws Exception {
        beginToValidate(withInference());
        Block decided = produce(rival);
        executor.importDecided(decided);
        assertThat(verdict()).isInstanceOf(BlockVerdict.LocalFault.class);
        QbftEvent next = events.take();
        assertThat(next)
                .isInstanceOfSatisfying(
                        QbftEvent.HeadChanged.class,
                        changed -> assertThat(changed.head()).isEqualTo(decided.header()));
    }

    @Test
    void anExecutionOfTheDecidedBlockItselfGoesOn() throws Exception {
        Block block = withInference();
        beginToValidate(block);
        executor.importDecided(block);
        assertThat(events.poll(100, TimeUnit.MILLISECONDS)).isNull();
        endless.set(false);
        assertThat(verdict()).isInstanceOf(BlockVerdict.Valid.class);
        assertThat(events.take()).isInstanceOf(QbftEvent.HeadChanged.class);
    }

    @Test
    void aBlockWithoutAQuorumOfSealsStopsNobody() throws Exception {
        Block block = withInference();
        beginToValidate(block);
        Block unsealed = unsealed(produce(rival));
        Thread other = Thread.ofVirtual()
                .start(() -> assertThat(slow.parts.importer().importBlock(unsealed))
                        .isInstanceOf(ImportResult.Invalid.class));
        assertThat(events.poll(100, TimeUnit.MILLISECONDS)).isNull();
        endless.set(false);
        assertThat(verdict()).isInstanceOf(BlockVerdict.Valid.class);
        other.join();
    }
}
