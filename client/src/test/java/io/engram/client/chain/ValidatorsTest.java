package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.MessageSender;
import io.engram.client.consensus.qbft.QbftEvent;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.model.ModelStore;
import io.engram.client.node.QbftService;
import io.engram.client.pool.AddResult;
import io.engram.client.pool.PoolLimits;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.BitFlipBackend;
import io.engram.inference.engine.GuardedBackend;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four validators in one process, each with its own database and engine, agree on blocks with real inferences. */
class ValidatorsTest {

    private static final long PATIENCE_MILLIS = 120_000;
    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final List<SigningKey> KEYS = IntStream.rangeClosed(1, 4)
            .mapToObj(SigningKey::of)
            .sorted(Comparator.comparing(SigningKey::address))
            .toList();
    private static final GenesisFile GENESIS = DevGenesis.template()
            .withValidators(KEYS.stream().map(SigningKey::address).toList());
    private static final Address REGISTRY = SystemContracts.MODEL_REGISTRY;
    private static final String TERMS = "(bytes32,address,uint16,bytes32[]";
    private static final Bytes INPUT = Bytes.fromHexString("0x01020304");

    @TempDir
    Path folder;

    private final Map<Address, Validator> network = new ConcurrentHashMap<>();
    private long nonce;

    /** One node; its messages reach the others at once. */
    private final class Validator implements MessageSender, AutoCloseable {
        private final SigningKey key;
        private final Database database;
        private final ModelStore models;
        private final InferenceEngine engine;
        private final ChainAssembly parts;
        private final WorkCounts work;
        private final QbftService service;

        Validator(SigningKey key, Backend backend) throws Exception {
            this.key = key;
            Path own = folder.resolve(key.address().toHex());
            this.database = Database.open(own.resolve("db"));
            this.models = new ModelStore(
                    own.resolve("models"),
                    GENESIS.config().inference().orElseThrow().limits(),
                    ModelStore.DEFAULT_CACHE_BYTES);
            this.engine = new InferenceEngine(backend);
            this.parts = ChainAssembly.open(
                    GENESIS,
                    database,
                    new ChainAssembly.Settings(
                            Optional.of(new InferenceSupport(engine, models::load)),
                            PoolLimits.DEFAULT,
                            30_000_000,
                            Durability.PROCESS,
                            () -> BlockOverrides.NONE));
            this.work = new WorkCounts(key.address());
            parts.chain().onChange(work::onChange);
            QbftConfig config = GENESIS.config().qbft().orElseThrow();
            this.service = new QbftService(parts, database, config, QbftOptions.DEFAULT, key, this);
        }

        void reportHead() {
            ChainStore.Head head = parts.chain().head();
            network.values().stream()
                    .filter(other -> other != this)
                    .forEach(other -> other.service.onHeadReport(
                            new QbftEvent.HeadReported(key.address(), head.number(), head.hash())));
        }

        @Override
        public void send(Set<Address> validators, int code, Bytes data) {
            validators.stream()
                    .flatMap(to -> Optional.ofNullable(network.get(to)).stream())
                    .forEach(other -> other.service.onMessage(key.address(), code, data));
        }

        @Override
        public void misbehaved(Address peer, String reason) {
            throw new AssertionError(peer + ": " + reason);
        }

        List<InferenceReceipt> inferences() {
            long head = parts.chain().head().number();
            return IntStream.rangeClosed(1, (int) head)
                    .mapToObj(number -> parts.store().canonicalHash(number).orElseThrow())
                    .flatMap(hash -> parts.store().inferences(hash).orElseThrow().stream())
                    .toList();
        }

        /** Those in blocks that someone else proposed. */
        List<InferenceReceipt> inferencesOfOthers() {
            long head = parts.chain().head().number();
            return LongStream.rangeClosed(1, head)
                    .mapToObj(number -> parts.store().header(number).orElseThrow())
                    .filter(header -> !header.coinbase().equals(key.address()))
                    .map(header -> parts.chain().rules().hasher().hash(header))
                    .flatMap(hash -> parts.store().inferences(hash).orElseThrow().stream())
                    .toList();
        }

        @Override
        public void close() {
            service.close();
            database.close();
        }
    }

    private void start(Backend lastBackend) throws Exception {
        for (SigningKey key : KEYS) {
            boolean last = key.equals(KEYS.getLast());
            network.put(key.address(), new Validator(key, last ? lastBackend : new ReferenceBackend()));
        }
        network.values().forEach(node -> node.service.start());
        network.values().forEach(Validator::reportHead);
    }

    @AfterEach
    void stop() {
        network.values().forEach(Validator::close);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.getAsBoolean()) {
            assertThat(System.currentTimeMillis()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Validator any() {
        return network.values().iterator().next();
    }

    private void awaitHeight(long height) throws InterruptedException {
        await(
                "height " + height + " everywhere: " + statuses(),
                () -> network.values().stream()
                        .allMatch(node -> node.parts.chain().head().number() >= height));
    }

    private String statuses() {
        return network.values().stream()
                .map(node -> "\n" + node.service.status())
                .toList()
                .toString();
    }

    /** Sends a transaction to every pool and waits until every node has a block with it. */
    private void send(Address to, Bytes data, Wei value) throws InterruptedException {
        Transaction transaction = UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonce++)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(10_000_000)
                .to(to)
                .data(data)
                .value(value)
                .sign(ACCOUNT);
        for (Validator node : network.values()) {
            AddResult added = node.parts.pool().add(transaction);
            assertThat(added instanceof AddResult.Added
                            || node.parts
                                    .store()
                                    .transaction(transaction.hash())
                                    .isPresent())
                    .as("%s", added)
                    .isTrue();
        }
        await(
                "transaction " + transaction.hash(),
                () -> network.values().stream()
                        .allMatch(node -> node.parts
                                .store()
                                .transaction(transaction.hash())
                                .isPresent()));
        ChainStore.TransactionLocation location =
                any().parts.store().transaction(transaction.hash()).orElseThrow();
        assertThat(any().parts
                        .store()
                        .receipts(location.blockHash())
                        .orElseThrow()
                        .get(location.index())
                        .succeeded())
                .isTrue();
    }

    private Model publish() throws Exception {
        byte[] file = ModelWriter.write(graph());
        for (Validator node : network.values()) {
            node.models.add(file);
        }
        Model model = any().models.add(file);
        Wei price = GENESIS.config().inference().orElseThrow().pricePerByte().times(file.length);
        send(REGISTRY, Abi.call("announce" + TERMS + ")", terms(model)), price);
        Hash digest = Hash.of(view(REGISTRY, Abi.call("attestationDigest" + TERMS + ")", terms(model))));
        List<Bytes> signatures =
                KEYS.stream().limit(3).map(key -> rpcForm(key.sign(digest))).toList();
        send(REGISTRY, Abi.call("attest" + TERMS + ",bytes[])", terms(model, Abi.array(signatures))), Wei.ZERO);
        return model;
    }

    private static Bytes rpcForm(Signature signature) {
        return Bytes.concatenate(signature.r().toBytes(), signature.s().toBytes(), Bytes.of(27 + signature.yParity()));
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

    private Bytes view(Address to, Bytes data) {
        TransactionOutcome outcome = any().parts
                .simulator()
                .call(
                        any().parts.chain().head().header(),
                        Call.of(ACCOUNT.address(), Optional.of(to), Wei.ZERO, data, 15_000_000),
                        journal -> {},
                        Tracer.NONE)
                .orElseThrow();
        return ((TransactionOutcome.Executed) outcome).output();
    }

    private void infer(Model model) throws InterruptedException {
        send(
                SystemContracts.INFERENCE_GATEWAY,
                Abi.call("infer(bytes32,bytes)", Abi.word(model.id().toBytes()), Abi.bytes(INPUT)),
                Wei.ZERO);
    }

    private static Graph graph() {
        return SmallNetworks.dense(ACCOUNT.address()).build();
    }

    private void assertOneChain(long upTo) {
        for (long number = 0; number <= upTo; number++) {
            Set<Optional<Hash>> hashes = new HashSet<>();
            for (Validator node : network.values()) {
                hashes.add(node.parts.store().canonicalHash(number));
            }
            assertThat(hashes).as("block %d", number).hasSize(1);
        }
    }

    @Test
    void blocksWithInferencesAreMadeByAllInTurn() throws Exception {
        start(new ReferenceBackend());
        Model model = publish();
        infer(model);
        infer(model);
        long head = any().parts.chain().head().number();
        awaitHeight(head + 4);
        assertOneChain(head + 4);
        Set<Address> proposers = new HashSet<>();
        for (long number = 1; number <= head + 4; number++) {
            proposers.add(any().parts.store().header(number).orElseThrow().coinbase());
        }
        assertThat(proposers).hasSize(KEYS.size());
        assertThat(network.values())
                .allSatisfy(node -> assertThat(node.inferences()).hasSize(2));
        network.values().forEach(node -> node.service.close());
        assertThat(network.values()).allSatisfy(node -> {
            WorkCounts.Totals work = node.work.totals();
            int verified = node.inferencesOfOthers().size();
            assertThat(work.inferences()).isEqualTo(verified);
            assertThat(work.steps()).isEqualTo((long) verified * graph().nodes().size());
            assertThat(work.proposed()).isPositive();
        });
        // Each inference is in one block, which all but its proposer verified.
        assertThat(network.values().stream()
                        .mapToLong(node -> node.work.totals().inferences())
                        .sum())
                .isEqualTo(2L * (KEYS.size() - 1));
    }

    @Test
    void aValidatorWhoseBackEndIsAtFaultFollowsAndCannotSpoilTheChain() throws Exception {
        start(new BitFlipBackend(new ReferenceBackend(), 0, 0));
        Model model = publish();
        infer(model);
        infer(model);
        long head = any().parts.chain().head().number();
        awaitHeight(head + 1);
        assertOneChain(head);
        List<InferenceReceipt> expected = any().inferences();
        assertThat(expected).hasSize(2);
        assertThat(network.values())
                .allSatisfy(node -> assertThat(node.inferences()).isEqualTo(expected));
    }

    @Test
    void aValidatorThatFindsItsBackEndAtFaultGivesItUpAndIsRightFromThenOn() throws Exception {
        Backend spoilt = new BitFlipBackend(new ReferenceBackend(), 0, 0);
        start(GuardedBackend.trusting(spoilt, new ReferenceBackend()));
        InferenceEngine engine =
                Optional.ofNullable(network.get(KEYS.getLast().address())).orElseThrow().engine;
        Model model = publish();
        infer(model);
        await("the fault is found", () -> engine.backend().fault().isPresent());
        assertThat(engine.backend().fault().orElseThrow()).contains("faulty reference", "inference root");
        assertThat(engine.backend().name()).isEqualTo("reference");
        Inference right = new InferenceEngine(new ReferenceBackend(), 0)
                .run(model, INPUT.toArray())
                .getFirst();
        assertThat(engine.run(model, INPUT.toArray()).getFirst().stepsRoot()).isEqualTo(right.stepsRoot());
        infer(model);
        long head = any().parts.chain().head().number();
        awaitHeight(head);
        assertOneChain(head);
    }

    @Test
    @Tag("long")
    void oneValidatorLessIsStillAQuorumAndItComesBack() throws Exception {
        start(new ReferenceBackend());
        awaitHeight(2);
        Address last = KEYS.getLast().address();
        Optional.ofNullable(network.remove(last)).orElseThrow().close();
        long head = any().parts.chain().head().number();
        awaitHeight(head + 5);
        Validator back = new Validator(KEYS.getLast(), new ReferenceBackend());
        catchUp(back);
        network.put(last, back);
        back.service.start();
        catchUp(back);
        long joined = back.parts.chain().head().number();
        await("a block by the one that came back", () -> {
            catchUp(back);
            return IntStream.rangeClosed(
                            (int) joined + 1, (int) any().parts.chain().head().number())
                    .mapToObj(number -> any().parts.store().header(number).orElseThrow())
                    .anyMatch(header -> header.coinbase().equals(last));
        });
    }

    /** Synchronisation in place of the network's. */
    private void catchUp(Validator behind) {
        Validator ahead = network.values().stream()
                .filter(node -> node != behind)
                .findFirst()
                .orElseThrow();
        while (behind.parts.chain().head().number() < ahead.parts.chain().head().number()) {
            long next = behind.parts.chain().head().number() + 1;
            ahead.parts
                    .store()
                    .canonicalHash(next)
                    .flatMap(ahead.parts.store()::block)
                    .ifPresent(behind.parts.importer()::importBlock);
        }
    }
}
