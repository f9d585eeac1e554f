package io.engram.inference.opcode;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Account;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateReader;
import io.engram.evm.tracer.PrestateTracer;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.BlockRoom;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionOutcome.Excluded;
import io.engram.evm.transaction.TransactionOutcome.Executed;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.inference.TestGraphs;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelPrice;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The opcodes in the real EVM, by way of the gateway predeploy and of plain bytecode. */
class InferenceThroughEvmTest {

    private static final InferenceConfig.Gas GAS = InferenceConfig.Gas.DEFAULT;
    private static final Address SENDER = Address.fromHex("0x00000000000000000000000000000000000000aa");
    private static final Address CONTRACT = Address.fromHex("0x00000000000000000000000000000000000000c1");
    private static final Address REVERTING = Address.fromHex("0x00000000000000000000000000000000000000c2");
    private static final Address COINBASE = Address.fromHex("0x00000000000000000000000000000000000000cb");
    private static final Wei BASE_FEE = Wei.of(7);

    private final Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 4));
    private final InferenceEngine engine = new InferenceEngine(new ReferenceBackend());
    private final Journal journal = new Journal(new NoState(), new CodeCache(CodeCache.DEFAULT_LIMIT));
    private final long warm = ModelPrice.gas(model.facts(), GAS);
    private final long cold = ModelPrice.coldGas(model.facts(), GAS);

    @BeforeEach
    void prepareState() {
        journal.beginTransaction();
        journal.setBalance(SENDER, Wei.ofEther(1));
        journal.setCode(SystemContracts.INFERENCE_GATEWAY, SystemContracts.gatewayCode());
        // Hands its call data to the gateway by DELEGATECALL and gives back what comes back.
        journal.setCode(
                CONTRACT,
                Bytes.fromHexString("0x365f5f375f5f365f73"
                        + SystemContracts.INFERENCE_GATEWAY.toHex().substring(2) + "5af4503d5f5f3e3d5ff3"));
        // Runs the model on 64 zeros and reverts.
        journal.setCode(REVERTING, Bytes.fromHexString("0x" + inferZeros() + "505f5ffd"));
        journal.commitTransaction(true);
    }

    private String inferZeros() {
        return "5f5f60405f7f" + model.id().toHex().substring(2) + "c0";
    }

    private InferenceBlock block(long limit) {
        InferenceConfig config = new InferenceConfig(
                0, limit, GAS, InferenceConfig.Limits.DEFAULT, 1 << 15, Wei.ZERO, Wei.ZERO, 10, 10, 10);
        ModelEntry entry = new ModelEntry(TestGraphs.AUTHOR, 65_535, ModelStatus.ACTIVE, model.facts());
        return new InferenceBlock(
                config, id -> id.equals(model.id()) ? Optional.of(entry) : Optional.empty(), id -> model, engine);
    }

    private static BlockContext context() {
        return new BlockContext(
                Fork.OSAKA,
                UInt256.ONE,
                1,
                1,
                30_000_000,
                COINBASE,
                UInt256.ZERO,
                BASE_FEE,
                Wei.of(1),
                number -> Hash.ZERO);
    }

    private static TransactionProcessor processor(InferenceBlock block) {
        return new TransactionProcessor(Precompiles::at, List.of(block.operations()));
    }

    private TransactionOutcome simulate(InferenceBlock block, Address to, Bytes data) {
        return processor(block)
                .call(Call.of(SENDER, Optional.of(to), Wei.ZERO, data, 10_000_000), context(), journal, Tracer.NONE);
    }

    private TransactionOutcome send(InferenceBlock block, Address to, Bytes data) {
        Transaction transaction = new Transaction(
                TransactionType.LEGACY,
                Optional.of(UInt256.ONE),
                0,
                BASE_FEE,
                BASE_FEE,
                10_000_000,
                Optional.of(to),
                Wei.ZERO,
                data,
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                new Signature(new Hash(0, 0, 0, 1), new Hash(0, 0, 0, 1), 0));
        return processor(block).process(transaction, SENDER, context(), BlockRoom.UNLIMITED, journal, Tracer.NONE);
    }

    @Test
    void theGatewayReachesInferByStaticCall() {
        byte[] sample = TestGraphs.bytes(TestGraphs.random(1), 64);
        Executed outcome =
                (Executed) simulate(block(1_000_000), SystemContracts.INFERENCE_GATEWAY, tryInfer(model.id(), sample));
        assertThat(outcome.succeeded()).isTrue();
        assertThat(word(outcome.output(), 0)).isEqualTo(1);
        assertThat(word(outcome.output(), 3)).isEqualTo(10);
        assertThat(outcome.output().slice(128, 10).toArray())
                .isEqualTo(engine.run(model, sample).get(0).output());
    }

    @Test
    void theGatewayHandsOnReasons() {
        Executed unknown = (Executed)
                simulate(block(1_000_000), SystemContracts.INFERENCE_GATEWAY, tryInfer(Hash.ZERO, new byte[64]));
        assertThat(word(unknown.output(), 0)).isZero();
        assertThat(word(unknown.output(), 1)).isEqualTo(FailureReason.UNKNOWN_MODEL.code());
        Executed size = (Executed)
                simulate(block(1_000_000), SystemContracts.INFERENCE_GATEWAY, tryInfer(model.id(), new byte[63]));
        assertThat(word(size.output(), 1)).isEqualTo(FailureReason.INPUT_SIZE.code());
        Executed reverted = (Executed) simulate(
                block(1_000_000),
                SystemContracts.INFERENCE_GATEWAY,
                encode("infer(bytes32,bytes)", model.id(), new byte[63]));
        assertThat(reverted.succeeded()).isFalse();
        assertThat(reverted.output().size()).isEqualTo(36);
        assertThat(reverted.output().get(35)).isEqualTo((byte) FailureReason.INPUT_SIZE.code());
    }

    @Test
    void theArrayEntryReadsTheCallersStorage() {
        byte[] sample = TestGraphs.bytes(TestGraphs.random(2), 64);
        journal.beginTransaction();
        journal.setStorage(CONTRACT, UInt256.valueOf(5), UInt256.valueOf(2 * 64 + 1));
        UInt256 data =
                UInt256.fromBytes(Keccak256.hash(UInt256.valueOf(5).toArray()).toBytes());
        journal.setStorage(CONTRACT, data, UInt256.fromBytes(Bytes.wrap(sample, 0, 32)));
        journal.setStorage(CONTRACT, data.add(UInt256.ONE), UInt256.fromBytes(Bytes.wrap(sample, 32, 32)));
        journal.commitTransaction(true);
        Bytes call = Bytes.concatenate(
                selector("tryInferArray(bytes32,uint256)"),
                model.id().toBytes(),
                UInt256.valueOf(5).toBytes());
        PrestateTracer tracer = new PrestateTracer(false, true);
        Executed outcome = (Executed) processor(block(1_000_000))
                .call(Call.of(SENDER, Optional.of(CONTRACT), Wei.ZERO, call, 10_000_000), context(), journal, tracer);
        assertThat(word(outcome.output(), 0)).isEqualTo(1);
        assertThat(outcome.output().slice(128, 10).toArray())
                .isEqualTo(engine.run(model, sample).get(0).output());
        assertThat(tracer.before(false))
                .hasEntrySatisfying(
                        CONTRACT,
                        account -> assertThat(account.storage())
                                .containsOnlyKeys(UInt256.valueOf(5), data, data.add(UInt256.ONE)));
    }

    @Test
    void modelInfoComesThroughTheGateway() {
        Bytes call = Bytes.concatenate(
                selector("modelInfo(bytes32,uint256)"),
                model.id().toBytes(),
                UInt256.valueOf(3).toBytes());
        Executed outcome = (Executed) simulate(block(1_000_000), SystemContracts.INFERENCE_GATEWAY, call);
        assertThat(word(outcome.output(), 0)).isEqualTo(warm);
    }

    @Test
    void revertedInferencesAreReceiptsAndWarmNothing() {
        String callReverting = "5f5f5f5f5f73" + REVERTING.toHex().substring(2) + "5af150";
        Address main = Address.fromHex("0x00000000000000000000000000000000000000c3");
        journal.beginTransaction();
        journal.setCode(
                main,
                Bytes.fromHexString(
                        "0x" + callReverting + callReverting + inferZeros() + "50" + inferZeros() + "5000"));
        journal.commitTransaction(true);
        InferenceBlock block = block(1_000_000);
        Executed outcome = (Executed) send(block, main, Bytes.EMPTY);
        assertThat(outcome.succeeded()).isTrue();
        block.include(outcome.extensions().get(0), 0);
        List<InferenceReceipt> receipts = block.receipts();
        assertThat(receipts)
                .extracting(InferenceReceipt::gas)
                .containsExactly(warm + cold, warm + cold, warm + cold, warm);
        assertThat(receipts)
                .extracting(InferenceReceipt::outputRoot)
                .containsOnly(receipts.get(0).outputRoot());

        BigInteger total = BigInteger.valueOf(4 * warm + 3 * cold);
        BigInteger credit = total.multiply(BigInteger.valueOf(7)).shiftRight(1);
        assertThat(journal.account(TestGraphs.AUTHOR).orElseThrow().balance()).isEqualTo(Wei.of(credit));
        assertThat(receipts.stream()
                        .map(receipt -> receipt.credit().toBigInteger())
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(credit);
    }

    @Test
    void aTransactionThatDoesNotFitIsExcludedAndLeavesNothing() {
        InferenceBlock block = block(warm + cold - 1);
        assertThat(send(block, REVERTING, Bytes.EMPTY)).isInstanceOf(Excluded.class);
        assertThat(journal.account(SENDER).orElseThrow().nonce()).isZero();
        assertThat(journal.account(SENDER).orElseThrow().balance()).isEqualTo(Wei.ofEther(1));
        InferenceBlock enough = block(warm + cold);
        assertThat(send(enough, REVERTING, Bytes.EMPTY)).isInstanceOf(Executed.class);
    }

    private static Bytes tryInfer(Hash modelId, byte[] input) {
        return encode("tryInfer(bytes32,bytes)", modelId, input);
    }

    private static Bytes encode(String signature, Hash modelId, byte[] input) {
        return Bytes.concatenate(
                selector(signature),
                modelId.toBytes(),
                UInt256.valueOf(64).toBytes(),
                UInt256.valueOf(input.length).toBytes(),
                Bytes.wrap(Arrays.copyOf(input, (input.length + 31) / 32 * 32)));
    }

    private static Bytes selector(String signature) {
        return Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII))
                .toBytes()
                .slice(0, 4);
    }

    private static long word(Bytes output, int index) {
        return UInt256.fromBytes(output.slice(32 * index, 32)).toLong();
    }

    /** A state without accounts; the tests put theirs into the journal. */
    private static final class NoState implements StateReader {
        @Override
        public Optional<Account> account(Address address) {
            return Optional.empty();
        }

        @Override
        public UInt256 storage(Address address, UInt256 slot) {
            return UInt256.ZERO;
        }

        @Override
        public boolean hasStorage(Address address) {
            return false;
        }

        @Override
        public Bytes code(Hash codeHash) {
            return Bytes.EMPTY;
        }
    }
}
