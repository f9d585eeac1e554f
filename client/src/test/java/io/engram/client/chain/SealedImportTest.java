package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.consensus.BlockSealer;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.node.RegistryCalls;
import io.engram.client.pool.AddResult;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfigHash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.commitment.InferenceForm;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.TensorForm;
import io.engram.inference.engine.Cancellation;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks with inferences join a chain whose node holds no model, by what others claim of them. */
class SealedImportTest {

    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final GenesisFile GENESIS = DevGenesis.of(TestNode.VALIDATOR.address());
    private static final Address REGISTRY = SystemContracts.MODEL_REGISTRY;

    /** Two samples. */
    private static final Bytes BATCH = Bytes.fromHexString("0x0102030405060708");

    @TempDir
    Path folder;

    private final List<ClaimedInferences> offered = new ArrayList<>();
    private final List<ClaimedInferences> rejected = new ArrayList<>();
    private TestNode maker;
    private TestNode follower;
    private byte[] file;
    private Model model;
    private long nonce;
    private int asked;

    /** What a source says. */
    private final class Offer implements SealedSource.Claim {
        private final ClaimedInferences inferences;

        private Offer(ClaimedInferences inferences) {
            this.inferences = inferences;
        }

        @Override
        public ClaimedInferences inferences() {
            return inferences;
        }

        @Override
        public void reject() {
            rejected.add(inferences);
        }
    }

    private Iterator<SealedSource.Claim> claims(Hash block, Hash inferenceRoot) {
        asked++;
        return offered.stream().<SealedSource.Claim>map(Offer::new).iterator();
    }

    @BeforeEach
    void inferOnce() throws Exception {
        maker = new TestNode(folder.resolve("maker"), GENESIS);
        follower = new TestNode(folder.resolve("follower"), GENESIS, new ReferenceBackend(), Optional.of(this::claims));
        file = file();
        model = maker.models.add(file);
        RegistryCalls calls = RegistryCalls.of(model);
        send(
                REGISTRY,
                calls.announce(),
                GENESIS.config().inference().orElseThrow().pricePerByte().times(file.length));
        Hash digest = calls.digest(
                GENESIS.config().chainId(),
                REGISTRY,
                InferenceConfigHash.of(GENESIS.config().inference().orElseThrow()));
        send(REGISTRY, calls.attest(List.of(TestNode.VALIDATOR.sign(digest))), Wei.ZERO);
        follow(block(1));
        follow(block(2));
        send(
                SystemContracts.INFERENCE_GATEWAY,
                Abi.call("infer(bytes32,bytes)", Abi.word(model.id().toBytes()), Abi.bytes(BATCH)),
                Wei.ZERO);
    }

    @AfterEach
    void close() {
        maker.close();
        follower.close();
    }

    /** One dense layer from four values to three. */
    private static byte[] file() throws Exception {
        return ModelWriter.write(SmallNetworks.dense(ACCOUNT.address()).build());
    }

    private void send(Address to, Bytes data, Wei value) {
        assertThat(maker.parts
                        .pool()
                        .add(UnsignedTransaction.of(TransactionType.FEE_MARKET)
                                .chainId(1_337)
                                .nonce(nonce++)
                                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                                .gasLimit(10_000_000)
                                .to(to)
                                .data(data)
                                .value(value)
                                .sign(ACCOUNT)))
                .isInstanceOf(AddResult.Added.class);
        Block block = maker.producer.produce(maker.producer.nextTimestamp());
        assertThat(block.body().transactions()).hasSize(1);
    }

    private Block block(long number) {
        return maker.parts
                .store()
                .block(maker.parts.store().canonicalHash(number).orElseThrow())
                .orElseThrow();
    }

    private ImportResult follow(Block block) {
        return follower.parts.importer().importBlock(block);
    }

    private List<InferenceReceipt> receipts() {
        return maker.parts.store().inferences(maker.parts.chain().head().hash()).orElseThrow();
    }

    private List<InferenceOutput> outputs() {
        return maker.parts
                .store()
                .inferenceOutputs(maker.parts.chain().head().hash())
                .orElseThrow();
    }

    private ClaimedInferences claim(List<InferenceOutput> outputs) {
        return ClaimedInferences.of(receipts(), outputs, InferenceRoot.of(receipts()))
                .orElseThrow();
    }

    /** The same values in a form that the model's inputs do not have. */
    private ClaimedInferences aboutOtherInputs() {
        return claim(outputs().stream()
                .map(output -> new InferenceOutput(
                        new InferenceForm(
                                List.of(new TensorForm(TensorType.INT8, Shape.of(4))),
                                output.form().outputs()),
                        output.data()))
                .toList());
    }

    @Test
    void aClaimThatFitsTheBlockTakesThePlaceOfTheModel() {
        assertThat(receipts()).hasSize(2);
        offered.add(claim(outputs()));
        assertThat(follow(block(3))).isInstanceOf(ImportResult.Imported.class);
        Hash head = maker.parts.chain().head().hash();
        assertThat(follower.parts.chain().head().hash()).isEqualTo(head);
        assertThat(follower.parts.store().inferences(head)).hasValue(receipts());
        // It can pass them on.
        assertThat(follower.parts.store().inferenceOutputs(head).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(outputs());
        assertThat(rejected).isEmpty();
    }

    @Test
    void aClaimAboutOtherInputsIsPassedOverAndItsSourceHeldToAccount() {
        offered.add(aboutOtherInputs());
        offered.add(claim(outputs()));
        assertThat(follow(block(3))).isInstanceOf(ImportResult.Imported.class);
        assertThat(rejected).containsExactly(offered.getFirst());
    }

    @Test
    void withoutAClaimThatFitsTheInferencesAreComputed() throws Exception {
        offered.add(aboutOtherInputs());
        assertThatThrownBy(() -> follow(block(3)))
                .isInstanceOf(LocalFaultException.class)
                .hasMessageContaining(model.id().toHex());
        assertThat(rejected).as("nothing is proven yet").isEmpty();
        assertThat(follower.parts.chain().head().number()).isEqualTo(2);
        Model _ = follower.models.add(file);
        assertThat(follow(block(3))).isInstanceOf(ImportResult.Imported.class);
        assertThat(rejected).hasSize(1);
    }

    @Test
    void aProposalIsJudgedByModelsAlone() throws Exception {
        offered.add(claim(outputs()));
        assertThatThrownBy(() -> follower.parts.validator().validateProposal(block(3), Cancellation.NEVER))
                .isInstanceOf(LocalFaultException.class)
                .hasMessageContaining(model.id().toHex());
        // So is a decided block while consensus holds the chain: it waits for nobody.
        assertThatThrownBy(() -> follower.parts.chain().exclusively(() -> follow(block(3))))
                .isInstanceOf(LocalFaultException.class);
    }

    @Test
    void whatTheClaimMakesOfStateAndGasIsComparedAsEver() {
        offered.add(claim(outputs()));
        Block block = block(3);
        for (BlockHeader wrong : List.of(
                with(block.header(), new Hash(1, 2, 3, 4), block.header().gasUsed()),
                with(block.header(), block.header().stateRoot(), block.header().gasUsed() - 1))) {
            Block sealed = new BlockSealer(TestNode.VALIDATOR)
                    .seal(new Block(wrong, block.body()), new ValidatorSet(List.of(TestNode.VALIDATOR.address())));
            assertThat(follow(sealed)).isInstanceOf(ImportResult.Invalid.class);
        }
        assertThat(follower.parts.chain().head().number()).isEqualTo(2);
        assertThat(rejected).isEmpty();
    }

    @Test
    void aBlockWithoutAQuorumOfSealsIsAskedAboutNowhere() {
        offered.add(claim(outputs()));
        Block block = block(3);
        Block sealedByAnother = new BlockSealer(SigningKey.of(5))
                .seal(block, new ValidatorSet(List.of(SigningKey.of(5).address())));
        assertThat(follow(sealedByAnother)).isInstanceOf(ImportResult.Invalid.class);
        assertThat(asked).isZero();
        assertThat(follower.parts.chain().head().number()).isEqualTo(2);
    }

    @Test
    void noClaimIsMadeOfWhatTheRootsDoNotCover() {
        List<InferenceOutput> outputs = outputs();
        Hash root = InferenceRoot.of(receipts());
        assertThat(ClaimedInferences.of(receipts(), outputs.subList(0, 1), root))
                .as("too few")
                .isEmpty();
        assertThat(ClaimedInferences.of(receipts().subList(0, 1), outputs.subList(0, 1), root))
                .as("not all receipts")
                .isEmpty();
        assertThat(ClaimedInferences.of(receipts(), List.of(outputs.get(1), outputs.get(0)), root))
                .as("in another order")
                .isEmpty();
        for (int bit = 0; bit < Byte.SIZE * outputs.getFirst().data().length; bit++) {
            byte[] flipped = outputs.getFirst().data().clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            InferenceOutput wrong = new InferenceOutput(outputs.getFirst().form(), flipped);
            assertThat(ClaimedInferences.of(receipts(), List.of(wrong, outputs.get(1)), root))
                    .as("bit %s flipped", bit)
                    .isEmpty();
        }
        InferenceOutput longer = new InferenceOutput(
                outputs.getFirst().form(), new byte[1 + outputs.getFirst().data().length]);
        assertThat(ClaimedInferences.of(receipts(), List.of(longer, outputs.get(1)), root))
                .as("too long")
                .isEmpty();
    }

    private static BlockHeader with(BlockHeader header, Hash stateRoot, long gasUsed) {
        return HeaderCopy.of(header).stateRoot(stateRoot).gasUsed(gasUsed).build();
    }
}
