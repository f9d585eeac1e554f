package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.model.RegistryStorage;
import io.engram.client.pool.AddResult;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole chains: made by one node, exported, and executed again by another. */
class ChainTest {

    private static final List<KeyPair> ACCOUNTS = DevAccounts.all();
    private static final GenesisFile GENESIS = DevGenesis.of(TestNode.VALIDATOR.address());

    /** Counts calls in slot 0 and emits a log with the count: init code, then the code that it returns. */
    private static final Bytes COUNTER = counter();

    private static Bytes counter() {
        Bytes code = Bytes.fromHexString("0x600054600101806000558060005260206000a100");
        // PUSH1 size DUP1 PUSH1 11 PUSH1 0 CODECOPY PUSH1 0 RETURN
        Bytes init = Bytes.concatenate(
                Bytes.fromHexString("0x60"), Bytes.of(code.size()), Bytes.fromHexString("0x80600b6000396000f3"));
        return Bytes.concatenate(init, code);
    }

    @TempDir
    Path folder;

    private TestNode maker;
    private final long[] nonces = new long[ACCOUNTS.size()];

    @BeforeEach
    void open() throws Exception {
        maker = new TestNode(folder.resolve("maker"), GENESIS);
    }

    @AfterEach
    void close() {
        maker.close();
    }

    private Transaction transaction(int account, UnaryOperator<UnsignedTransaction.Builder> fields) {
        UnsignedTransaction.Builder builder = UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonces[account]++)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(200_000);
        return fields.apply(builder).sign(ACCOUNTS.get(account));
    }

    private static void add(TestNode node, Transaction transaction) {
        assertThat(node.parts.pool().add(transaction)).isInstanceOf(AddResult.Added.class);
    }

    /** Blocks with a contract's creation, calls of it and transfers. */
    private void makeBlocks(int count) {
        add(maker, transaction(0, tx -> tx.data(COUNTER)));
        maker.producer.produce(maker.producer.nextTimestamp());
        Address counter = created();
        for (int i = 1; i < count; i++) {
            int from = i % ACCOUNTS.size();
            Address to = ACCOUNTS.get((i + 1) % ACCOUNTS.size()).address();
            add(maker, transaction(from, tx -> tx.to(to).value(Wei.ofEther(1))));
            add(maker, transaction(from, tx -> tx.to(counter)));
            maker.producer.produce(maker.producer.nextTimestamp());
        }
    }

    private static Address created() {
        Address sender = ACCOUNTS.getFirst().address();
        return io.engram.evm.interpreter.ContractAddress.of(sender, 0);
    }

    private static byte[] export(TestNode node, long first, long last) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new BlockExporter(node.parts.store()).export(first, last, out);
        return out.toByteArray();
    }

    private static Block blockAt(TestNode node, long number) {
        Hash hash = node.parts.store().canonicalHash(number).orElseThrow();
        return node.parts.store().block(hash).orElseThrow();
    }

    @Test
    void anExportedChainImportsToTheSameHead() throws Exception {
        makeBlocks(50);
        assertThat(maker.parts.chain().head().number()).isEqualTo(50);
        assertThat(maker.parts.pool().size()).isZero();
        byte[] file = export(maker, 0, 50);
        try (TestNode verifier = new TestNode(folder.resolve("verifier"), GENESIS)) {
            ImportSummary summary = verifier.parts.importer().importAll(new ByteArrayInputStream(file));
            assertThat(summary.failure()).isEmpty();
            assertThat(summary.imported()).isEqualTo(50);
            assertThat(summary.known()).isEqualTo(1);
            assertThat(verifier.parts.chain().head().hash())
                    .isEqualTo(maker.parts.chain().head().hash());
            ImportSummary again = verifier.parts.importer().importAll(new ByteArrayInputStream(file));
            assertThat(again).isEqualTo(new ImportSummary(0, 51, java.util.Optional.empty()));
        }
    }

    @Test
    void transactionsHaveTheirEffectsAndReceipts() {
        makeBlocks(12);
        Address counter = created();
        var state = maker.parts.chain().stateAfter(12).orElseThrow();
        assertThat(state.storage(counter, org.apache.tuweni.units.bigints.UInt256.ZERO)
                        .intValue())
                .isEqualTo(11);
        Hash head = maker.parts.chain().head().hash();
        var receipts = maker.parts.store().receipts(head).orElseThrow();
        assertThat(receipts).hasSize(2).allMatch(receipt -> receipt.succeeded());
        assertThat(receipts.get(1).logs()).hasSize(1);
        assertThat(receipts.get(1).logs().getFirst().address()).isEqualTo(counter);
    }

    /** One block's faults and what the refusal must name. */
    private record Tampering(String reason, UnaryOperator<Block> change) {}

    private static Block withHeader(Block block, BlockHeader header) {
        return new Block(header, block.body());
    }

    private static BlockHeader withRoots(BlockHeader header, Hash stateRoot, Hash receiptsRoot) {
        return HeaderCopy.of(header)
                .stateRoot(stateRoot)
                .receiptsRoot(receiptsRoot)
                .build();
    }

    private static Hash flip(Hash hash) {
        return new Hash(hash.w0(), hash.w1(), hash.w2(), hash.w3() ^ 1);
    }

    private static BlockHeader withExtra(BlockHeader header, UnaryOperator<QbftExtraData> change) {
        try {
            return header.withExtraData(
                    QbftExtraDataCodec.encode(change.apply(QbftExtraDataCodec.decode(header.extraData()))));
        } catch (RlpException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bytes flip(Bytes bytes, int bit) {
        byte[] flipped = bytes.toArray();
        flipped[bit >> 3] ^= (byte) (0x80 >> (bit & 7));
        return Bytes.wrap(flipped);
    }

    @Test
    void aTamperedBlockIsRefusedWithItsReasonAndTheHeadStaysBeforeIt() throws Exception {
        makeBlocks(6);
        List<Tampering> tamperings = List.of(
                new Tampering(
                        "inference root in the vanity",
                        block -> withHeader(
                                block,
                                withExtra(
                                        block.header(),
                                        extra -> new QbftExtraData(
                                                flip(extra.vanity()),
                                                extra.validators(),
                                                extra.vote(),
                                                extra.round(),
                                                extra.seals())))),
                new Tampering(
                        "state root",
                        block -> withHeader(
                                block,
                                withRoots(
                                        block.header(),
                                        flip(block.header().stateRoot()),
                                        block.header().receiptsRoot()))),
                new Tampering(
                        "receipts root",
                        block -> withHeader(
                                block,
                                withRoots(
                                        block.header(),
                                        block.header().stateRoot(),
                                        flip(block.header().receiptsRoot())))),
                new Tampering(
                        "committed seal 0",
                        block -> withHeader(
                                block,
                                withExtra(
                                        block.header(),
                                        extra -> new QbftExtraData(
                                                extra.vanity(),
                                                extra.validators(),
                                                extra.vote(),
                                                extra.round(),
                                                List.of(flip(extra.seals().getFirst(), 100)))))));
        for (Tampering tampering : tamperings) {
            Block block = blockAt(maker, 4);
            refused(BlockCodec.encode(tampering.change().apply(block)), tampering.reason());
        }
    }

    @Test
    void everyFlippedBitOfATransactionIsRefused() throws Exception {
        makeBlocks(6);
        Bytes encoded = BlockCodec.encode(blockAt(maker, 4));
        Bytes transaction = blockAt(maker, 4).body().transactions().getFirst().encoded();
        int at = indexOf(encoded, transaction);
        try (TestNode verifier = new TestNode(folder.resolve("bits"), GENESIS)) {
            byte[] before = export(maker, 1, 3);
            verifier.parts.importer().importAll(new ByteArrayInputStream(before));
            Hash head = verifier.parts.chain().head().hash();
            for (int bit = 8 * at; bit < 8 * (at + transaction.size()); bit++) {
                ImportSummary summary = verifier.parts
                        .importer()
                        .importAll(new ByteArrayInputStream(flip(encoded, bit).toArray()));
                assertThat(summary.failure()).as("bit %d", bit).isPresent();
                assertThat(verifier.parts.chain().head().hash()).isEqualTo(head);
            }
            assertThat(verifier.parts
                            .importer()
                            .importAll(new ByteArrayInputStream(encoded.toArray()))
                            .imported())
                    .isEqualTo(1);
        }
    }

    private static int indexOf(Bytes bytes, Bytes part) {
        for (int i = 0; i + part.size() <= bytes.size(); i++) {
            if (bytes.slice(i, part.size()).equals(part)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not found");
    }

    private void refused(Bytes tampered, String reason) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(export(maker, 1, 3));
        file.write(tampered.toArray());
        file.write(export(maker, 5, 6));
        Path place = java.nio.file.Files.createTempDirectory(folder, "verifier");
        try (TestNode verifier = new TestNode(place, GENESIS)) {
            ImportSummary summary = verifier.parts.importer().importAll(new ByteArrayInputStream(file.toByteArray()));
            assertThat(summary.imported()).isEqualTo(3);
            assertThat(summary.failure()).hasValueSatisfying(failure -> {
                assertThat(failure.blockNumber()).isEqualTo(4);
                assertThat(failure.reason()).contains(reason);
            });
            assertThat(verifier.parts.chain().head().hash())
                    .isEqualTo(
                            blockAt(maker, 5).header().parentHash().equals(Hash.ZERO)
                                    ? Hash.ZERO
                                    : blockAt(maker, 4).header().parentHash());
        }
    }

    @Test
    void aCutFileEndsAtTheLastWholeBlock() throws Exception {
        makeBlocks(3);
        byte[] file = export(maker, 1, 3);
        try (TestNode verifier = new TestNode(folder.resolve("verifier"), GENESIS)) {
            ImportSummary summary =
                    verifier.parts.importer().importAll(new ByteArrayInputStream(file, 0, file.length - 5));
            assertThat(summary.imported()).isEqualTo(2);
            assertThat(summary.failure().orElseThrow().toString()).contains("cut short");
        }
    }

    @Test
    void aRewoundChainGoesOnFromThere() {
        makeBlocks(5);
        List<ChainEvent> events = new ArrayList<>();
        maker.parts.chain().onChange(events::add);
        maker.parts.chain().rewind(2);
        assertThat(maker.parts.chain().head().number()).isEqualTo(2);
        maker.producer.produce(maker.producer.nextTimestamp());
        assertThat(maker.parts.chain().head().number()).isEqualTo(3);
        assertThat(events)
                .hasSize(2)
                .satisfies(list -> assertThat(list.getFirst()).isInstanceOf(ChainEvent.Rewound.class));
    }

    @Test
    void rewardsAndFeesGoToTheBeneficiaryThatTheGenesisFileNames() throws Exception {
        Address beneficiary = Address.fromHex("0x00000000000000000000000000000000000000bb");
        String text = DevGenesis.text()
                .replace(
                        "\"blockperiodseconds\": 1,",
                        "\"blockperiodseconds\": 1, \"blockreward\": \"0x10\", \"miningbeneficiary\": \"" + beneficiary
                                + "\",");
        GenesisFile genesis = GenesisFile.parse(text).withValidators(List.of(TestNode.VALIDATOR.address()));
        try (TestNode node = new TestNode(folder.resolve("reward"), genesis)) {
            node.producer.produce(node.producer.nextTimestamp());
            add(node, transaction(0, tx -> tx.to(Address.ZERO)));
            node.producer.produce(node.producer.nextTimestamp());
            var state = node.parts.chain().stateAfter(2).orElseThrow();
            assertThat(state.account(beneficiary).orElseThrow().balance())
                    .isEqualTo(Wei.of(2 * 0x10 + 21_000 * 1_000_000_000L));
            assertThat(state.account(TestNode.VALIDATOR.address())).isEmpty();
        }
    }

    @Test
    void inferenceMayBeginAfterGenesis() throws Exception {
        GenesisFile genesis = GenesisFile.parse(
                        DevGenesis.text().replace("\"activationBlock\": 0", "\"activationBlock\": 3"))
                .withValidators(List.of(TestNode.VALIDATOR.address()));
        try (TestNode node = new TestNode(folder.resolve("later"), genesis);
                TestNode verifier = new TestNode(folder.resolve("verifier"), genesis)) {
            for (int i = 0; i < 4; i++) {
                node.producer.produce(node.producer.nextTimestamp());
            }
            Blockchain chain = node.parts.chain();
            assertThat(chain.stateAfter(2).orElseThrow().account(SystemContracts.MODEL_REGISTRY))
                    .isEmpty();
            var active = chain.stateAfter(3).orElseThrow();
            Hash codeHash =
                    active.account(SystemContracts.MODEL_REGISTRY).orElseThrow().codeHash();
            assertThat(active.code(codeHash)).isEqualTo(SystemContracts.registryCode());
            assertThat(new RegistryStorage(active, SystemContracts.MODEL_REGISTRY).validators())
                    .containsExactly(TestNode.VALIDATOR.address());
            verifier.parts.importer().importAll(new ByteArrayInputStream(export(node, 1, 4)));
            assertThat(verifier.parts.chain().head().hash())
                    .isEqualTo(chain.head().hash());
        }
    }

    /** Whatever a file holds, import ends with a summary, and the head is a block that was made. */
    @Test
    void mutilatedFilesNeverDoMoreThanEndTheImport() throws Exception {
        makeBlocks(4);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] file = export(maker, 1, 4);
        try (TestNode verifier = new TestNode(folder.resolve("mutilated"), GENESIS)) {
            for (int round = 0; round < 300; round++) {
                byte[] mutilated = file.clone();
                for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                    mutilated[random.nextInt(mutilated.length)] = (byte) random.nextInt();
                }
                verifier.parts.importer().importAll(new ByteArrayInputStream(mutilated));
                ChainStore.Head head = verifier.parts.chain().head();
                assertThat(maker.parts.store().canonicalHash(head.number()))
                        .as("seed %d", seed)
                        .hasValue(head.hash());
                verifier.parts.chain().rewind(0);
            }
        }
    }

    @Test
    void theRegistryKnowsTheValidators() {
        maker.producer.produce(maker.producer.nextTimestamp());
        var state = maker.parts.chain().stateAfter(1).orElseThrow();
        assertThat(new RegistryStorage(state, SystemContracts.MODEL_REGISTRY).validators())
                .containsExactly(TestNode.VALIDATOR.address());
    }

    @Test
    void aLocalFaultSaysWhatIsMissing() {
        Hash unknown = new Hash(1, 2, 3, 4);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> maker.models.load(unknown)))
                .isInstanceOf(LocalFaultException.class)
                .hasMessageContaining(unknown.toHex())
                .hasMessageContaining("models");
    }
}
