package io.engram.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.pool.AddResult;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.DevAccounts;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.MalformedModelException;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelPrice;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What inference costs, whom it pays and where it ends, at the boundary (docs/consensus.md, "Economics and limits"). */
class EconomicsTest {

    private static final KeyPair ACCOUNT = DevAccounts.all().getFirst();
    private static final Address AUTHOR = Address.fromHex("0x00000000000000000000000000000000000a07f0");
    private static final int ROYALTY = 20_000;
    private static final Wei PRICE_PER_BYTE = Wei.of(1_000_003);
    private static final Wei LEAST_PRICE = Wei.of(900_000_007);
    private static final Wei TIP = Wei.of(1_000_000_000);
    private static final String TERMS = "(bytes32,address,uint16,bytes32[]";
    private static final Bytes INPUT = Bytes.fromHexString("0x01020304");

    /** The gateway's address as code pushes it, and a call of it with the call data of this contract. */
    private static final String COPY = "365f5f37";

    private static final String CALL =
            "5f5f365f73" + SystemContracts.INFERENCE_GATEWAY.toHex().substring(2) + "5afa50";

    private static final Address ONCE = Address.fromHex("0x000000000000000000000000000000000000c001");
    private static final Address TWICE = Address.fromHex("0x000000000000000000000000000000000000c002");
    private static final Address REVERTING = Address.fromHex("0x000000000000000000000000000000000000c003");
    private static final Address AFTER_A_REVERT = Address.fromHex("0x000000000000000000000000000000000000c004");
    private static final List<Address> CONTRACTS = List.of(ONCE, TWICE, REVERTING, AFTER_A_REVERT);

    @TempDir
    Path folder;

    private Optional<TestNode> opened = Optional.empty();
    private long nonce;

    private static SortedMap<Address, GenesisAccount> contracts(GenesisFile genesis) {
        SortedMap<Address, GenesisAccount> alloc = new TreeMap<>(genesis.alloc());
        String revertingCall = "5f5f365f73" + REVERTING.toHex().substring(2) + "5afa50";
        alloc.put(ONCE, code(COPY + CALL + "00"));
        alloc.put(TWICE, code(COPY + CALL + CALL + "00"));
        alloc.put(REVERTING, code(COPY + CALL + "5f5ffd"));
        alloc.put(AFTER_A_REVERT, code(COPY + revertingCall + CALL + "00"));
        return alloc;
    }

    private static GenesisAccount code(String hex) {
        return new GenesisAccount(Wei.ZERO, 0, Bytes.fromHexString(hex), Collections.emptySortedMap());
    }

    private static GenesisFile genesis(long blockInferenceGasLimit) {
        GenesisFile template = DevGenesis.of(TestNode.VALIDATOR.address());
        InferenceConfig config = template.config().inference().orElseThrow();
        InferenceConfig changed = new InferenceConfig(
                config.activationBlock(),
                blockInferenceGasLimit,
                config.gas(),
                config.limits(),
                config.royaltyShare(),
                LEAST_PRICE,
                PRICE_PER_BYTE,
                config.activationDelay(),
                config.retirementNotice(),
                3);
        ChainConfig chain = new ChainConfig(
                template.config().chainId(),
                template.config().forks(),
                template.config().baseFee(),
                template.config().qbft(),
                Optional.of(changed),
                template.config().requestContracts());
        return new GenesisFile(
                        chain,
                        template.difficulty(),
                        template.gasLimit(),
                        template.gasUsed(),
                        template.timestamp(),
                        template.extraData(),
                        template.mixHash(),
                        template.nonce(),
                        template.coinbase(),
                        template.parentHash(),
                        template.baseFee(),
                        template.blobGasUsed(),
                        template.excessBlobGas(),
                        contracts(template))
                .withValidators(List.of(TestNode.VALIDATOR.address()));
    }

    private TestNode open(long blockInferenceGasLimit) throws Exception {
        close();
        nonce = 0;
        TestNode node = new TestNode(folder.resolve("limit" + blockInferenceGasLimit), genesis(blockInferenceGasLimit));
        opened = Optional.of(node);
        return node;
    }

    @AfterEach
    void close() {
        opened.ifPresent(TestNode::close);
        opened = Optional.empty();
    }

    /** One dense layer, by an author who has no other income. */
    private static byte[] file() throws MalformedModelException {
        GraphBuilder builder = new GraphBuilder(AUTHOR, ROYALTY, 4);
        builder.output(SmallNetworks.dense(builder), new Scale(1, 0), 0);
        return ModelWriter.write(builder.build());
    }

    private Transaction transaction(Address to, Bytes data, Wei value) {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1_337)
                .nonce(nonce++)
                .fees(Wei.of(20_000_000_000L), TIP)
                .gasLimit(1_000_000)
                .to(to)
                .data(data)
                .value(value)
                .sign(ACCOUNT);
    }

    private static Block produce(TestNode node, List<Transaction> transactions) {
        for (Transaction transaction : transactions) {
            assertThat(node.parts.pool().add(transaction)).isInstanceOf(AddResult.Added.class);
        }
        return node.producer.produce(node.producer.nextTimestamp());
    }

    /** Whether the one transaction of a new block succeeded. */
    private boolean send(TestNode node, Address to, Bytes data, Wei value) {
        Block block = produce(node, List.of(transaction(to, data, value)));
        assertThat(block.body().transactions()).hasSize(1);
        return receipts(node).getFirst().succeeded();
    }

    private static List<Receipt> receipts(TestNode node) {
        return node.parts.store().receipts(node.parts.chain().head().hash()).orElseThrow();
    }

    private static List<InferenceReceipt> inferences(TestNode node) {
        return node.parts.store().inferences(node.parts.chain().head().hash()).orElseThrow();
    }

    private static Abi.Argument[] terms(Model model, Abi.Argument... more) {
        Abi.Argument[] terms = new Abi.Argument[4 + more.length];
        terms[0] = Abi.word(model.id().toBytes());
        terms[1] = Abi.word(AUTHOR.toBytes());
        terms[2] = Abi.number(ROYALTY);
        terms[3] = Abi.words(model.facts().toWords());
        System.arraycopy(more, 0, terms, 4, more.length);
        return terms;
    }

    private boolean announce(TestNode node, Model model, Wei value) {
        return send(node, SystemContracts.MODEL_REGISTRY, Abi.call("announce" + TERMS + ")", terms(model)), value);
    }

    private boolean attest(TestNode node, Model model) {
        TransactionOutcome outcome = node.parts
                .simulator()
                .call(
                        node.parts.chain().head().header(),
                        Call.of(
                                ACCOUNT.address(),
                                Optional.of(SystemContracts.MODEL_REGISTRY),
                                Wei.ZERO,
                                Abi.call("attestationDigest" + TERMS + ")", terms(model)),
                                15_000_000),
                        journal -> {},
                        Tracer.NONE)
                .orElseThrow();
        Signature signature = TestNode.VALIDATOR.sign(Hash.of(((TransactionOutcome.Executed) outcome).output()));
        Bytes seal =
                Bytes.concatenate(signature.r().toBytes(), signature.s().toBytes(), Bytes.of(27 + signature.yParity()));
        return send(
                node,
                SystemContracts.MODEL_REGISTRY,
                Abi.call("attest" + TERMS + ",bytes[])", terms(model, Abi.single(seal))),
                Wei.ZERO);
    }

    private static Wei price(byte[] file) {
        return PRICE_PER_BYTE.times(file.length);
    }

    private Model activate(TestNode node) throws Exception {
        byte[] file = file();
        Model model = node.models.add(file);
        assertThat(announce(node, model, price(file))).isTrue();
        assertThat(attest(node, model)).isTrue();
        return model;
    }

    private static Bytes infer(Model model) {
        return Abi.call("infer(bytes32,bytes)", Abi.word(model.id().toBytes()), Abi.bytes(INPUT));
    }

    private static BigInteger balance(TestNode node, Address address) {
        StateReader state = node.parts
                .chain()
                .stateAfter(node.parts.chain().head().number())
                .orElseThrow();
        return state.account(address)
                .map(account -> account.balance().toBigInteger())
                .orElse(BigInteger.ZERO);
    }

    private static long warm(Model model) {
        return ModelPrice.gas(model.facts(), InferenceConfig.Gas.DEFAULT);
    }

    private static long cold(Model model) {
        return ModelPrice.coldGas(model.facts(), InferenceConfig.Gas.DEFAULT);
    }

    @Test
    void theAnnouncedBytesArePaidExactlyAndKept() throws Exception {
        TestNode node = open(30_000_000);
        byte[] file = file();
        Model model = node.models.add(file);
        Wei price = price(file);
        assertThat(announce(node, model, Wei.of(price.toBigInteger().subtract(BigInteger.ONE))))
                .isFalse();
        assertThat(announce(node, model, price.plus(Wei.of(1)))).isFalse();
        assertThat(balance(node, SystemContracts.MODEL_REGISTRY)).isZero();
        assertThat(announce(node, model, price)).isTrue();
        assertThat(balance(node, SystemContracts.MODEL_REGISTRY)).isEqualTo(price.toBigInteger());
        long announced = node.parts.chain().head().number();
        while (node.parts.chain().head().number() < announced + 3) {
            Block _ = produce(node, List.of());
        }
        // In block announced + 4 the announcement, good for three blocks, has lapsed; the price stays with the
        // registry.
        assertThat(attest(node, model)).isFalse();
        assertThat(balance(node, SystemContracts.MODEL_REGISTRY)).isEqualTo(price.toBigInteger());
        assertThat(announce(node, model, price)).isTrue();
        assertThat(attest(node, model)).isTrue();
        assertThat(balance(node, SystemContracts.MODEL_REGISTRY))
                .isEqualTo(price.toBigInteger().shiftLeft(1));
    }

    @Test
    void theFirstTouchInATransactionIsColdAndARevertedOneDoesNotWarm() throws Exception {
        TestNode node = open(30_000_000);
        Model model = activate(node);
        long warm = warm(model);
        long cold = cold(model);
        assertThat(gasOf(node, TWICE, model)).containsExactly(warm + cold, warm);
        assertThat(gasOf(node, TWICE, model)).containsExactly(warm + cold, warm);
        assertThat(gasOf(node, AFTER_A_REVERT, model)).containsExactly(warm + cold, warm + cold);
        assertThat(gasOf(node, REVERTING, model)).containsExactly(warm + cold);
    }

    private List<Long> gasOf(TestNode node, Address contract, Model model) {
        Block _ = produce(node, List.of(transaction(contract, infer(model), Wei.ZERO)));
        return inferences(node).stream().map(InferenceReceipt::gas).toList();
    }

    @Test
    void aBlockHoldsInferenceGasUpToItsLimitAndNotOneMore() throws Exception {
        TestNode measuring = open(30_000_000);
        Model measured = activate(measuring);
        long call = warm(measured) + cold(measured);
        for (long limit : List.of(3 * call, 3 * call - 1)) {
            TestNode node = open(limit);
            Model model = activate(node);
            List<Transaction> three = List.of(
                    transaction(ONCE, infer(model), Wei.ZERO),
                    transaction(REVERTING, infer(model), Wei.ZERO),
                    transaction(ONCE, infer(model), Wei.ZERO));
            Block block = produce(node, three);
            int fit = limit == 3 * call ? 3 : 2;
            assertThat(block.body().transactions()).as("limit %d", limit).isEqualTo(three.subList(0, fit));
            assertThat(inferences(node)).hasSize(fit);
        }
    }

    @Test
    void authorsGetTheirShareToTheWeiOverAThousandTransactions() throws Exception {
        long seed = 1_000;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        TestNode node = open(30_000_000);
        Model model = activate(node);
        int sent = 0;
        int reverted = 0;
        BigInteger earned = BigInteger.ZERO;
        while (sent < 1_000) {
            List<Transaction> batch = new ArrayList<>();
            int size = Math.min(1_000 - sent, 1 + random.nextInt(60));
            for (int i = 0; i < size; i++) {
                batch.add(transaction(CONTRACTS.get(random.nextInt(CONTRACTS.size())), infer(model), Wei.ZERO));
            }
            BigInteger before = everything(node);
            Block block = produce(node, batch);
            assertThat(block.body().transactions()).as("seed %d", seed).hasSize(size);
            sent += size;
            Settlement settled = settle(node, block);
            earned = earned.add(settled.credit());
            reverted += settled.reverted();
            assertThat(balance(node, AUTHOR))
                    .as("seed %d, block %d", seed, block.header().number())
                    .isEqualTo(earned);
            // The base fee is burned but for the author's part, and what the least price adds is new.
            assertThat(before.subtract(everything(node)))
                    .as("seed %d, block %d", seed, block.header().number())
                    .isEqualTo(settled.baseFees().subtract(settled.credit()));
        }
        assertThat(reverted).isBetween(150, 350);
        assertThat(earned).isPositive();
    }

    private record Settlement(BigInteger credit, BigInteger baseFees, int reverted) {}

    /** Section 9 of docs/inference-spec.md once more, from what is stored of the block. */
    private static Settlement settle(TestNode node, Block block) {
        BigInteger baseFee = block.header().baseFee().orElseThrow().toBigInteger();
        BigInteger price = baseFee.max(LEAST_PRICE.toBigInteger());
        List<Receipt> receipts = receipts(node);
        BigInteger credits = BigInteger.ZERO;
        int reverted = 0;
        for (int i = 0; i < receipts.size(); i++) {
            int index = i;
            List<InferenceReceipt> own = inferences(node).stream()
                    .filter(receipt -> receipt.transactionIndex() == index)
                    .toList();
            long gas = own.stream().mapToLong(InferenceReceipt::gas).sum();
            long before = i == 0 ? 0 : receipts.get(i - 1).cumulativeGasUsed();
            long used = receipts.get(i).cumulativeGasUsed() - before;
            assertThat(gas).isPositive().isLessThan(used);
            BigInteger credit = BigInteger.valueOf(gas)
                    .multiply(price)
                    .multiply(BigInteger.valueOf(ROYALTY))
                    .shiftRight(16);
            BigInteger parts = own.stream()
                    .map(receipt -> receipt.credit().toBigInteger())
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(parts).isEqualTo(credit);
            credits = credits.add(credit);
            reverted += receipts.get(i).succeeded() ? 0 : 1;
        }
        BigInteger baseFees =
                baseFee.multiply(BigInteger.valueOf(receipts.getLast().cumulativeGasUsed()));
        return new Settlement(credits, baseFees, reverted);
    }

    /** All accounts that these transactions move value between. */
    private static BigInteger everything(TestNode node) {
        return balance(node, ACCOUNT.address())
                .add(balance(node, TestNode.VALIDATOR.address()))
                .add(balance(node, AUTHOR));
    }
}
