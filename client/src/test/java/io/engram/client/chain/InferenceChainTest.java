package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.consensus.qbft.InferencePolicy;
import io.engram.client.model.RegistryDirectory;
import io.engram.client.pool.AddResult;
import io.engram.evm.LocalFaultException;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelPrice;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.opcode.ModelEntry;
import io.engram.inference.opcode.ModelStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model is announced, attested and called on a chain, and another node computes it again. */
class InferenceChainTest {

    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final GenesisFile GENESIS = DevGenesis.of(TestNode.VALIDATOR.address());
    private static final Address REGISTRY = SystemContracts.MODEL_REGISTRY;
    private static final Bytes INPUT = Bytes.fromHexString("0x01020304");
    private static final String TERMS = "(bytes32,address,uint16,bytes32[]";

    @TempDir
    Path folder;

    private TestNode maker;
    private Model model;
    private byte[] file;
    private long nonce;

    @BeforeEach
    void publish() throws Exception {
        maker = new TestNode(folder.resolve("maker"), GENESIS);
        file = ModelWriter.write(graph());
        model = maker.models.add(file);
    }

    @AfterEach
    void close() {
        maker.close();
    }

    /** One dense layer from four values to three. */
    private static Graph graph() {
        return SmallNetworks.dense(ACCOUNT.address()).build();
    }

    private Transaction transaction(Address to, Bytes data, Wei value) {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonce++)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(10_000_000)
                .to(to)
                .data(data)
                .value(value)
                .sign(ACCOUNT);
    }

    private void send(Address to, Bytes data, Wei value) {
        Transaction transaction = transaction(to, data, value);
        assertThat(maker.parts.pool().add(transaction)).isInstanceOf(AddResult.Added.class);
        Block block = maker.producer.produce(maker.producer.nextTimestamp());
        Hash hash = maker.parts.chain().head().hash();
        assertThat(block.body().transactions()).hasSize(1);
        assertThat(maker.parts.store().receipts(hash).orElseThrow().getFirst().succeeded())
                .isTrue();
    }

    private Bytes view(Address to, Bytes data) {
        TransactionOutcome outcome = maker.parts
                .simulator()
                .call(
                        maker.parts.chain().head().header(),
                        Call.of(ACCOUNT.address(), Optional.of(to), Wei.ZERO, data, 15_000_000),
                        journal -> {},
                        Tracer.NONE)
                .orElseThrow();
        assertThat(outcome).isInstanceOf(TransactionOutcome.Executed.class);
        TransactionOutcome.Executed executed = (TransactionOutcome.Executed) outcome;
        assertThat(executed.succeeded()).as("%s", executed).isTrue();
        return executed.output();
    }

    private Abi.Argument[] terms(Abi.Argument... more) {
        Abi.Argument[] terms = new Abi.Argument[4 + more.length];
        terms[0] = Abi.word(model.id().toBytes());
        terms[1] = Abi.word(ACCOUNT.address().toBytes());
        terms[2] = Abi.number(0);
        terms[3] = Abi.words(model.facts().toWords());
        System.arraycopy(more, 0, terms, 4, more.length);
        return terms;
    }

    private void activate() {
        Wei price = GENESIS.config().inference().orElseThrow().pricePerByte().times(file.length);
        send(REGISTRY, Abi.call("announce" + TERMS + ")", terms()), price);
        Hash digest = Hash.of(view(REGISTRY, Abi.call("attestationDigest" + TERMS + ")", terms())));
        Signature signature = TestNode.VALIDATOR.sign(digest);
        Bytes sealed =
                Bytes.concatenate(signature.r().toBytes(), signature.s().toBytes(), Bytes.of(27 + signature.yParity()));
        send(REGISTRY, Abi.call("attest" + TERMS + ",bytes[])", terms(Abi.single(sealed))), Wei.ZERO);
    }

    private static Bytes infer(Hash modelId) {
        return Abi.call("infer(bytes32,bytes)", Abi.word(modelId.toBytes()), Abi.bytes(INPUT));
    }

    private byte[] export() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new BlockExporter(maker.parts.store())
                .export(1, maker.parts.chain().head().number(), out);
        return out.toByteArray();
    }

    private Optional<ModelEntry> entry() {
        long head = maker.parts.chain().head().number();
        return new RegistryDirectory(maker.parts.chain().stateAfter(head).orElseThrow(), REGISTRY, head + 1)
                .find(model.id());
    }

    @Test
    void aModelGoesFromAnnouncementToActivity() {
        assertThat(entry()).isEmpty();
        send(REGISTRY, Abi.call("announce" + TERMS + ")", terms()), Wei.ZERO.plus(price()));
        assertThat(entry().orElseThrow().status()).isEqualTo(ModelStatus.ANNOUNCED);
        assertThat(entry().orElseThrow().facts()).isEqualTo(model.facts());
        assertThat(entry().orElseThrow().author()).isEqualTo(ACCOUNT.address());
    }

    private Wei price() {
        return GENESIS.config().inference().orElseThrow().pricePerByte().times(file.length);
    }

    @Test
    void anInferenceIsInTheVanityAndAnotherNodeComputesTheSame() throws Exception {
        activate();
        assertThat(entry().orElseThrow().status()).isEqualTo(ModelStatus.ACTIVE);
        assertThat(view(SystemContracts.INFERENCE_GATEWAY, infer(model.id())).size())
                .isEqualTo(96);
        send(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        ChainStore.Head head = maker.parts.chain().head();
        List<InferenceReceipt> receipts =
                maker.parts.store().inferences(head.hash()).orElseThrow();
        assertThat(receipts).singleElement().satisfies(receipt -> {
            assertThat(receipt.modelId()).isEqualTo(model.id());
            assertThat(receipt.gas()).isPositive();
        });
        assertThat(QbftExtraDataCodec.decode(head.header().extraData()).vanity())
                .isEqualTo(InferenceRoot.of(receipts))
                .isNotEqualTo(Hash.ZERO);

        try (TestNode verifier = new TestNode(folder.resolve("verifier"), GENESIS)) {
            verifier.models.add(file);
            assertThat(verifier.parts
                            .importer()
                            .importAll(new ByteArrayInputStream(export()))
                            .failure())
                    .isEmpty();
            assertThat(verifier.parts.chain().head().hash()).isEqualTo(head.hash());
            assertThat(verifier.parts.store().inferences(head.hash())).hasValue(receipts);
        }
    }

    @Test
    void withoutTheModelFileImportStopsAndGoesOnOnceItIsThere() throws Exception {
        activate();
        send(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        byte[] exported = export();
        try (TestNode verifier = new TestNode(folder.resolve("verifier"), GENESIS)) {
            assertThatThrownBy(() -> verifier.parts.importer().importAll(new ByteArrayInputStream(exported)))
                    .isInstanceOf(LocalFaultException.class)
                    .hasMessageContaining(model.id().toHex());
            assertThat(verifier.parts.chain().head().number()).isEqualTo(2);
            verifier.models.add(file);
            assertThat(verifier.parts
                            .importer()
                            .importAll(new ByteArrayInputStream(exported))
                            .failure())
                    .isEmpty();
            assertThat(verifier.parts.chain().head().hash())
                    .isEqualTo(maker.parts.chain().head().hash());
        }
    }

    @Test
    void aDamagedModelFileIsALocalFaultAndNoVerdict() throws Exception {
        activate();
        send(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        byte[] exported = export();
        try (TestNode verifier = new TestNode(folder.resolve("verifier"), GENESIS)) {
            byte[] damaged = file.clone();
            damaged[damaged.length / 2] ^= 1;
            Files.write(verifier.models.path(model.id()), damaged);
            assertThatThrownBy(() -> verifier.parts.importer().importAll(new ByteArrayInputStream(exported)))
                    .isInstanceOf(LocalFaultException.class)
                    .hasMessageContaining("damaged");
            assertThat(verifier.parts.chain().head().number()).isEqualTo(2);
        }
    }

    @Test
    void anUnknownModelFailsWithItsReason() {
        TransactionOutcome outcome = maker.parts
                .simulator()
                .call(
                        maker.parts.chain().head().header(),
                        Call.of(
                                ACCOUNT.address(),
                                Optional.of(SystemContracts.INFERENCE_GATEWAY),
                                Wei.ZERO,
                                infer(new Hash(1, 2, 3, 4)),
                                15_000_000),
                        journal -> {},
                        Tracer.NONE)
                .orElseThrow();
        assertThat(outcome).isInstanceOfSatisfying(TransactionOutcome.Executed.class, executed -> {
            assertThat(executed.succeeded()).isFalse();
            assertThat(executed.output().toHexString()).startsWith("0x4e7554e8").endsWith("01");
        });
    }

    private static GenesisFile withInferenceGasLimit(long limit) {
        InferenceConfig config = GENESIS.config().inference().orElseThrow();
        InferenceConfig limited = new InferenceConfig(
                config.activationBlock(),
                limit,
                config.gas(),
                config.limits(),
                config.royaltyShare(),
                config.minRoyaltyPrice(),
                config.pricePerByte(),
                config.activationDelay(),
                config.retirementNotice(),
                config.announcementExpiry());
        ChainConfig chain = new ChainConfig(
                GENESIS.config().chainId(),
                GENESIS.config().forks(),
                GENESIS.config().baseFee(),
                GENESIS.config().qbft(),
                Optional.of(limited),
                GENESIS.config().requestContracts());
        return new GenesisFile(
                        chain,
                        GENESIS.difficulty(),
                        GENESIS.gasLimit(),
                        GENESIS.gasUsed(),
                        GENESIS.timestamp(),
                        GENESIS.extraData(),
                        GENESIS.mixHash(),
                        GENESIS.nonce(),
                        GENESIS.coinbase(),
                        GENESIS.parentHash(),
                        GENESIS.baseFee(),
                        GENESIS.blobGasUsed(),
                        GENESIS.excessBlobGas(),
                        GENESIS.alloc())
                .withValidators(List.of(TestNode.VALIDATOR.address()));
    }

    @Test
    void whatExceedsTheBlocksInferenceGasWaitsForTheNextBlockAndCannotBeForcedIn() throws Exception {
        InferenceConfig.Gas gas = GENESIS.config().inference().orElseThrow().gas();
        long call = ModelPrice.gas(model.facts(), gas) + ModelPrice.coldGas(model.facts(), gas);
        maker.close();
        maker = new TestNode(folder.resolve("limited"), withInferenceGasLimit(call + call / 2));
        maker.models.add(file);
        nonce = 0;
        activate();
        Transaction first = transaction(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        Transaction second = transaction(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        maker.parts.pool().add(first);
        maker.parts.pool().add(second);
        Block one = maker.producer.produce(maker.producer.nextTimestamp());
        assertThat(one.body().transactions()).containsExactly(first);
        assertThat(maker.parts.pool().inferenceGasFloor(second.hash())).isEqualTo(call);
        Block two = maker.producer.produce(maker.producer.nextTimestamp());
        assertThat(two.body().transactions()).containsExactly(second);

        maker.parts.chain().rewind(2);
        BlockBody both =
                new BlockBody(List.of(first, second), List.of(), one.body().withdrawals());
        Block forced =
                new Block(withTransactionsRoot(one.header(), BodyRules.transactionsRoot(both.transactions())), both);
        ImportSummary summary = maker.parts
                .importer()
                .importAll(new ByteArrayInputStream(BlockCodec.encode(forced).toArray()));
        assertThat(summary.failure().orElseThrow().reason())
                .contains("transaction 1 (" + second.hash() + ")")
                .contains("inference gas");
    }

    private static BlockHeader withTransactionsRoot(BlockHeader header, Hash root) {
        return HeaderCopy.of(header).transactionsRoot(root).build();
    }

    private Transaction transfer() {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(0)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(21_000)
                .to(ACCOUNT.address())
                .value(Wei.of(1))
                .sign(DevAccounts.all().get(1));
    }

    @Test
    void aProposerLeavesOutWhatCallsAModelThatItDoesNotHold() throws Exception {
        activate();
        byte[] exported = export();
        Transaction call = transaction(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        try (TestNode proposer = new TestNode(folder.resolve("proposer"), GENESIS)) {
            assertThat(proposer.parts
                            .importer()
                            .importAll(new ByteArrayInputStream(exported))
                            .failure())
                    .isEmpty();
            assertThat(proposer.parts.pool().add(call)).isInstanceOf(AddResult.Added.class);
            assertThat(proposer.parts.pool().add(transfer())).isInstanceOf(AddResult.Added.class);
            Block without = proposer.producer.produce(proposer.producer.nextTimestamp());
            assertThat(without.body().transactions()).containsExactly(transfer());
            Model _ = proposer.models.add(file);
            Block with = proposer.producer.produce(proposer.producer.nextTimestamp());
            assertThat(with.body().transactions()).containsExactly(call);
        }
    }

    private List<Transaction> built(InferencePolicy policy, Transaction... candidates) {
        BlockBuilder.Attributes attributes = new BlockBuilder.Attributes(
                TestNode.VALIDATOR.address(),
                maker.producer.nextTimestamp(),
                Hash.ZERO,
                candidates.length,
                policy::admits,
                BlockOverrides.NONE);
        return maker.parts
                .builder()
                .build(attributes, TransactionSource.of(List.of(candidates)))
                .block()
                .body()
                .transactions();
    }

    @Test
    void onlyCallsOfModelsThatRoundsWereLostOnAreLeftOutAtFirst() {
        activate();
        Transaction call = transaction(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO);
        Transaction transfer = transfer();
        assertThat(built(InferencePolicy.at(0, Set.of(model.id())), call, transfer))
                .containsExactly(call, transfer);
        assertThat(built(InferencePolicy.at(2, Set.of(new Hash(1, 2, 3, 4))), call, transfer))
                .containsExactly(call, transfer);
        assertThat(built(InferencePolicy.at(2, Set.of(model.id())), call, transfer))
                .containsExactly(transfer);
        assertThat(built(InferencePolicy.at(4, Set.of()), call, transfer)).containsExactly(transfer);
    }

    @Test
    void aCallThatFitsNoBlockLeavesThePool() throws Exception {
        InferenceConfig.Gas gas = GENESIS.config().inference().orElseThrow().gas();
        long call = ModelPrice.gas(model.facts(), gas) + ModelPrice.coldGas(model.facts(), gas);
        maker.close();
        maker = new TestNode(folder.resolve("limited"), withInferenceGasLimit(call - 1));
        maker.models.add(file);
        nonce = 0;
        activate();
        maker.parts.pool().add(transaction(SystemContracts.INFERENCE_GATEWAY, infer(model.id()), Wei.ZERO));
        Block block = maker.producer.produce(maker.producer.nextTimestamp());
        assertThat(block.body().transactions()).isEmpty();
        assertThat(maker.parts.pool().size()).isZero();
    }

    @Test
    void aBlockIsTheSameAfterEncoding() throws Exception {
        activate();
        Block block =
                maker.parts.store().block(maker.parts.chain().head().hash()).orElseThrow();
        assertThat(BlockCodec.decode(BlockCodec.encode(block))).isEqualTo(block);
    }
}
