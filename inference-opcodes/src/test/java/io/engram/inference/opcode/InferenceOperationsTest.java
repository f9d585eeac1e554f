package io.engram.inference.opcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.BlockContext;
import io.engram.evm.LocalFaultException;
import io.engram.evm.extension.Credit;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.ExtensionOperation.Outcome;
import io.engram.evm.extension.TransactionScope;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import io.engram.inference.TestGraphs;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.engine.Inference;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.model.ModelPrice;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class InferenceOperationsTest {

    private static final InferenceConfig.Gas GAS = InferenceConfig.Gas.DEFAULT;
    private static final long PLENTY = 10_000_000;
    private static final Hash OTHER = new Hash(0, 0, 0, 77);

    private final Model model = TestGraphs.model(TestGraphs.convolutional(8, 2, 4));
    private final Model ranged = TestGraphs.model(TestGraphs.branching());
    private final ModelFacts facts = model.facts();
    private final Map<Hash, ModelEntry> registry = new HashMap<>(Map.of(
            model.id(), new ModelEntry(TestGraphs.AUTHOR, 65_535, ModelStatus.ACTIVE, facts),
            ranged.id(), new ModelEntry(Address.ZERO, 100, ModelStatus.ACTIVE, ranged.facts())));
    private final InferenceEngine engine = new InferenceEngine(new ReferenceBackend());
    private InferenceBlock block = block(1_000_000);
    private InferenceTransaction transaction = begin(TransactionScope.Kind.TRANSACTION);

    private InferenceBlock block(long limit) {
        InferenceConfig config = new InferenceConfig(
                0, limit, GAS, InferenceConfig.Limits.DEFAULT, 1 << 15, Wei.of(1), Wei.ZERO, 10, 10, 10);
        return new InferenceBlock(config, id -> Optional.ofNullable(registry.get(id)), this::load, engine);
    }

    private Model load(Hash id) {
        if (id.equals(model.id())) {
            return model;
        }
        if (id.equals(ranged.id())) {
            return ranged;
        }
        throw new LocalFaultException("no file of " + id);
    }

    private InferenceTransaction begin(TransactionScope.Kind kind) {
        BlockContext context = new BlockContext(
                Fork.OSAKA,
                UInt256.ONE,
                1,
                1,
                30_000_000,
                Address.ZERO,
                UInt256.ZERO,
                Wei.of(7),
                Wei.ZERO,
                number -> Hash.ZERO);
        return (InferenceTransaction) block.operations().begin(new TransactionScope(context, kind));
    }

    private Outcome execute(int opcode, FakeFrame frame) {
        ExtensionOperation operation = block.operations().operations().stream()
                .filter(candidate -> candidate.opcode() == opcode)
                .findFirst()
                .orElseThrow();
        int before = frame.stackSize();
        Outcome outcome = operation.execute(frame);
        if (outcome == Outcome.CONTINUE) {
            assertThat(frame.stackSize()).isEqualTo(before - operation.stackIn() + operation.stackOut());
        }
        return outcome;
    }

    private static Hash word(long value) {
        return new Hash(0, 0, 0, value);
    }

    private static byte[] sample(int seed, int count) {
        return TestGraphs.bytes(TestGraphs.random(seed), 64 * count);
    }

    /** A frame about to INFER from memory 0 with the output at 512. */
    private FakeFrame infer(Hash modelId, byte[] input, long outSize) {
        FakeFrame frame = new FakeFrame(transaction, PLENTY).write(0, input);
        frame.expandMemory(0, 1_024);
        frame.gas = PLENTY;
        return frame.operands(modelId, word(0), word(input.length), word(512), word(outSize));
    }

    private void fails(FakeFrame frame, FailureReason reason) {
        assertThat(frame.popWord()).isEqualTo(Hash.ZERO);
        assertThat(frame.returnData).isEqualTo(word(reason.code()).toArray());
        assertThat(transaction.inferenceGas()).isZero();
    }

    @Test
    void inferGivesTheOutputAsReturnDataAndInMemory() {
        byte[] input = sample(1, 1);
        FakeFrame frame = infer(model.id(), input, 4);
        assertThat(execute(0xc0, frame)).isEqualTo(Outcome.CONTINUE);
        byte[] output = engine.run(model, input).get(0).output();
        assertThat(frame.popWord()).isEqualTo(word(1));
        assertThat(frame.returnData).isEqualTo(output);
        assertThat(frame.readMemory(512, 4)).isEqualTo(Arrays.copyOf(output, 4));
        assertThat(frame.readMemory(516, 32)).containsOnly(0);
        long price = ModelPrice.gas(facts, GAS) + ModelPrice.coldGas(facts, GAS);
        assertThat(PLENTY - frame.gas).isEqualTo(price);
        assertThat(transaction.inferenceGas()).isEqualTo(price);
    }

    @Test
    void aModelIsColdOnceATransactionUnlessTheTouchWasReverted() {
        long warm = ModelPrice.gas(facts, GAS);
        long cold = ModelPrice.coldGas(facts, GAS);
        int mark = transaction.checkpoint();
        assertThat(cost(sample(1, 1))).isEqualTo(warm + cold);
        int inner = transaction.checkpoint();
        assertThat(cost(sample(1, 1))).isEqualTo(warm);
        transaction.revertTo(inner);
        assertThat(cost(sample(2, 1))).isEqualTo(warm);
        transaction.revertTo(mark);
        assertThat(cost(sample(2, 1))).isEqualTo(warm + cold);
        assertThat(transaction.inferenceGas()).isEqualTo(4 * warm + 2 * cold);
        assertThat(transaction.inferences()).hasSize(4);
    }

    private long cost(byte[] input) {
        FakeFrame frame = infer(model.id(), input, 0);
        assertThat(execute(0xc0, frame)).isEqualTo(Outcome.CONTINUE);
        return PLENTY - frame.gas;
    }

    @Test
    void aBatchIsSoManyReceiptsAndTheFirstCarriesTheCall() {
        byte[] input = sample(3, 3);
        FakeFrame frame = infer(model.id(), input, 30);
        execute(0xc0, frame);
        long one = ModelPrice.sampleGas(facts, GAS);
        long call = 3_000 + ModelPrice.ioGas(facts, 3, GAS) + ModelPrice.coldGas(facts, GAS);
        assertThat(PLENTY - frame.gas).isEqualTo(call + 3 * one);
        transaction.settle(PLENTY, Wei.of(7));
        block.include(transaction, 5);
        List<InferenceReceipt> receipts = block.receipts();
        assertThat(receipts).extracting(InferenceReceipt::gas).containsExactly(call + one, one, one);
        assertThat(receipts).extracting(InferenceReceipt::sequence).containsExactly(0, 1, 2);
        assertThat(receipts).extracting(InferenceReceipt::transactionIndex).containsOnly(5);
        for (int i = 0; i < 3; i++) {
            Inference alone = engine.run(model, Arrays.copyOfRange(input, 64 * i, 64 * i + 64))
                    .get(0);
            assertThat(receipts.get(i).inputRoot()).isEqualTo(alone.inputRoot());
            assertThat(receipts.get(i).outputRoot()).isEqualTo(alone.outputRoot());
            assertThat(receipts.get(i).stepsRoot()).isEqualTo(alone.stepsRoot());
            assertThat(Arrays.copyOfRange(frame.returnData, 10 * i, 10 * i + 10))
                    .isEqualTo(alone.output());
        }
        assertThat(block.root()).isEqualTo(InferenceRoot.of(receipts));
        assertThat(block.gasUsed()).isEqualTo(call + 3 * one);
    }

    @Test
    void whatTheChainCanKnowIsAStatusWithAReason() {
        FakeFrame unknown = infer(OTHER, sample(1, 1), 32);
        execute(0xc0, unknown);
        fails(unknown, FailureReason.UNKNOWN_MODEL);
        assertThat(PLENTY - unknown.gas).isEqualTo(3_000);
        assertThat(unknown.readMemory(512, 32)).containsOnly(0);

        for (ModelStatus status : ModelStatus.values()) {
            if (status != ModelStatus.ACTIVE) {
                registry.put(OTHER, new ModelEntry(Address.ZERO, 0, status, facts));
                FakeFrame inactive = infer(OTHER, sample(1, 1), 32);
                execute(0xc0, inactive);
                fails(
                        inactive,
                        status == ModelStatus.UNKNOWN ? FailureReason.UNKNOWN_MODEL : FailureReason.INACTIVE_MODEL);
            }
        }
        for (int size : new int[] {0, 1, 63, 65, 5 * 64}) {
            FakeFrame wrong = infer(model.id(), new byte[size], 32);
            execute(0xc0, wrong);
            fails(wrong, FailureReason.INPUT_SIZE);
            assertThat(PLENTY - wrong.gas).isEqualTo(3_000);
        }
        byte[] over = new byte[18];
        over[0] = 0x01;
        over[1] = 0x2d;
        FakeFrame range = infer(ranged.id(), over, 32);
        execute(0xc0, range);
        fails(range, FailureReason.INPUT_RANGE);
        assertThat(PLENTY - range.gas).isEqualTo(3_000 + 3);
        assertThat(transaction.inferences()).isEmpty();
    }

    @Test
    void everyAmountBelowThePriceIsOutOfGas() {
        long price = ModelPrice.gas(facts, GAS) + ModelPrice.coldGas(facts, GAS);
        for (long gas : new long[] {0, 2_999, 3_000, 3_005, 3_008, 3_009, price - 1}) {
            FakeFrame frame = infer(model.id(), sample(1, 1), 32);
            frame.gas = gas;
            assertThat(execute(0xc0, frame)).as("%d gas", gas).isEqualTo(Outcome.OUT_OF_GAS);
        }
        FakeFrame enough = infer(model.id(), sample(1, 1), 32);
        enough.gas = price;
        assertThat(execute(0xc0, enough)).isEqualTo(Outcome.CONTINUE);
        assertThat(enough.gas).isZero();
        FakeFrame huge = new FakeFrame(transaction, PLENTY)
                .operands(model.id(), word(Long.MAX_VALUE), word(64), word(0), word(0));
        assertThat(execute(0xc0, huge)).isEqualTo(Outcome.OUT_OF_GAS);
    }

    @Test
    void aCallThatDoesNotFitTheBlockExcludesItsTransaction() {
        long price = ModelPrice.gas(facts, GAS) + ModelPrice.coldGas(facts, GAS);
        long warm = ModelPrice.gas(facts, GAS);
        block = block(price + warm);
        transaction = begin(TransactionScope.Kind.TRANSACTION);
        cost(sample(1, 1));
        cost(sample(2, 1));
        assertThat(transaction.refusedInferenceGas()).isEmpty();
        assertThat(execute(0xc0, infer(model.id(), sample(3, 1), 0))).isEqualTo(Outcome.EXCLUDE_TRANSACTION);
        assertThat(transaction.refusedInferenceGas()).hasValue(price + 2 * warm);
        assertThat(transaction.inferences()).hasSize(2);
        assertThatThrownBy(() -> block.include(transaction, 0)).isInstanceOf(IllegalStateException.class);

        transaction = begin(TransactionScope.Kind.TRANSACTION);
        cost(sample(1, 1));
        transaction.settle(PLENTY, Wei.ZERO);
        block.include(transaction, 0);
        transaction = begin(TransactionScope.Kind.TRANSACTION);
        assertThat(execute(0xc0, infer(model.id(), sample(3, 1), 0))).isEqualTo(Outcome.EXCLUDE_TRANSACTION);
        assertThat(transaction.refusedInferenceGas()).hasValue(price);
        assertThat(block.receipts()).hasSize(1);
    }

    @Test
    void systemCallsGetAStatusAndRunNothing() {
        transaction = begin(TransactionScope.Kind.SYSTEM);
        FakeFrame frame = infer(model.id(), sample(1, 1), 0);
        execute(0xc0, frame);
        fails(frame, FailureReason.SYSTEM_CALL);
        FakeFrame array = new FakeFrame(transaction, PLENTY);
        store(array, 3, sample(1, 1));
        array.operands(model.id(), word(3), word(0), word(0));
        execute(0xc1, array);
        fails(array, FailureReason.SYSTEM_CALL);
        assertThat(array.loads).isEqualTo(1);
        FakeFrame info = new FakeFrame(transaction, PLENTY).operands(model.id(), word(0));
        execute(0xc2, info);
        assertThat(info.popWord()).isEqualTo(Hash.ZERO);
    }

    @Test
    void simulationsComputeAndLeaveNoReceipt() {
        transaction = begin(TransactionScope.Kind.SIMULATION);
        FakeFrame frame = infer(model.id(), sample(1, 1), 0);
        execute(0xc0, frame);
        assertThat(frame.popWord()).isEqualTo(word(1));
        assertThat(transaction.inferenceGas()).isPositive();
        transaction.settle(PLENTY, Wei.ZERO);
        assertThatThrownBy(() -> block.include(transaction, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMissingOrDifferentFileIsALocalFault() {
        registry.put(OTHER, new ModelEntry(Address.ZERO, 0, ModelStatus.ACTIVE, facts));
        assertThatThrownBy(() -> execute(0xc0, infer(OTHER, sample(1, 1), 0))).isInstanceOf(LocalFaultException.class);
        registry.put(ranged.id(), new ModelEntry(Address.ZERO, 0, ModelStatus.ACTIVE, facts));
        assertThatThrownBy(() -> execute(0xc0, infer(ranged.id(), sample(1, 1), 0)))
                .isInstanceOf(LocalFaultException.class);
    }

    @Test
    void inferArrayReadsSolidityBytesInBothForms() {
        byte[] input = sample(1, 1);
        FakeFrame frame = new FakeFrame(transaction, PLENTY);
        store(frame, 9, input);
        frame.operands(model.id(), word(9), word(0), word(10));
        assertThat(execute(0xc1, frame)).isEqualTo(Outcome.CONTINUE);
        assertThat(frame.popWord()).isEqualTo(word(1));
        assertThat(frame.returnData).isEqualTo(engine.run(model, input).get(0).output());
        assertThat(frame.readMemory(0, 10)).isEqualTo(frame.returnData);
        long price = ModelPrice.gas(facts, GAS) + ModelPrice.coldGas(facts, GAS);
        assertThat(PLENTY - frame.gas).isEqualTo(price + 3 * 2_100 + 3);

        FakeFrame small = new FakeFrame(transaction, PLENTY);
        byte[] two = new byte[18];
        store(small, 9, two);
        small.operands(ranged.id(), word(9), word(0), word(0));
        assertThat(execute(0xc1, small)).isEqualTo(Outcome.CONTINUE);
        assertThat(small.popWord()).isEqualTo(word(1));
        assertThat(small.loads).isEqualTo(1);
    }

    @Test
    void aMalformedSlotOrAWrongLengthIsAStatusAfterOneSload() {
        slotFails(word(64), FailureReason.MALFORMED_SLOT);
        slotFails(word(2 * 31 + 1), FailureReason.MALFORMED_SLOT);
        slotFails(word(2 * 31), FailureReason.INPUT_SIZE);
        slotFails(word(0), FailureReason.INPUT_SIZE);
        slotFails(word(2 * 65 + 1), FailureReason.INPUT_SIZE);
        slotFails(new Hash(-1, -1, -1, -1), FailureReason.INPUT_SIZE);
        slotFails(word(-1), FailureReason.INPUT_SIZE);
        slotFails(word(2 * 5 * 64 + 1), FailureReason.INPUT_SIZE);
    }

    private void slotFails(Hash head, FailureReason reason) {
        FakeFrame frame = new FakeFrame(transaction, PLENTY);
        frame.storage.put(UInt256.ONE, UInt256.fromBytes(head.toBytes()));
        frame.operands(model.id(), word(1), word(0), word(0));
        assertThat(execute(0xc1, frame)).isEqualTo(Outcome.CONTINUE);
        fails(frame, reason);
        assertThat(frame.loads).isEqualTo(1);
        assertThat(PLENTY - frame.gas).isEqualTo(3_000 + 2_100);
    }

    @Test
    void lackOfGasWhileReadingStorageIsOutOfGas() {
        for (long gas : new long[] {3_000, 5_100, 5_109, 7_208}) {
            FakeFrame frame = new FakeFrame(transaction, PLENTY);
            store(frame, 9, sample(1, 1));
            frame.gas = gas;
            frame.operands(model.id(), word(9), word(0), word(0));
            assertThat(execute(0xc1, frame)).isEqualTo(Outcome.OUT_OF_GAS);
        }
    }

    private static void store(FakeFrame frame, long slot, byte[] data) {
        UInt256 at = UInt256.valueOf(slot);
        if (data.length < 32) {
            byte[] word = Arrays.copyOf(data, 32);
            word[31] = (byte) (2 * data.length);
            frame.storage.put(at, UInt256.fromBytes(Bytes.wrap(word)));
            return;
        }
        frame.storage.put(at, UInt256.valueOf(2L * data.length + 1));
        UInt256 position = UInt256.fromBytes(Keccak256.hash(at.toArrayUnsafe()).toBytes());
        for (int offset = 0; offset < data.length; offset += 32) {
            byte[] word = Arrays.copyOf(Arrays.copyOfRange(data, offset, Math.min(offset + 32, data.length)), 32);
            frame.storage.put(position, UInt256.fromBytes(Bytes.wrap(word)));
            position = position.add(UInt256.ONE);
        }
    }

    @Test
    void modelInfoGivesTheFactsOfTheRegistry() {
        long[] expected = {
            3, 64, 10, ModelPrice.gas(facts, GAS), ModelPrice.coldGas(facts, GAS), 4, 1_077_952_576, -38, -128, 1, -5, 3
        };
        for (int field = 0; field < expected.length; field++) {
            long sign = expected[field] >> 63;
            assertThat(info(model.id(), word(field))).isEqualTo(new Hash(sign, sign, sign, expected[field]));
        }
        assertThat(info(model.id(), word(12)).toArray()).endsWith(TestGraphs.AUTHOR.toArray());
        assertThat(info(model.id(), word(13))).isEqualTo(word(1 << 15));
        assertThat(info(ranged.id(), word(13))).isEqualTo(word(100));
        assertThat(info(model.id(), word(14))).isEqualTo(word(ModelPrice.sampleGas(facts, GAS)));
        assertThat(info(model.id(), word(17))).isEqualTo(Hash.ZERO);
        assertThat(info(model.id(), new Hash(1, 0, 0, 0))).isEqualTo(Hash.ZERO);
        assertThat(info(OTHER, word(0))).isEqualTo(Hash.ZERO);
        FakeFrame poor = new FakeFrame(transaction, 2_999).operands(model.id(), word(0));
        assertThat(execute(0xc2, poor)).isEqualTo(Outcome.OUT_OF_GAS);
    }

    private Hash info(Hash id, Hash field) {
        FakeFrame frame = new FakeFrame(transaction, PLENTY).operands(id, field);
        assertThat(execute(0xc2, frame)).isEqualTo(Outcome.CONTINUE);
        assertThat(PLENTY - frame.gas).isEqualTo(3_000);
        return frame.popWord();
    }

    @Test
    void authorsAreCreditedFromTheBaseFee() {
        cost(sample(1, 1));
        long gas = transaction.inferenceGas();
        List<Credit> credits = transaction.settle(gas + 21_000, Wei.of(7));
        assertThat(credits).containsExactly(new Credit(TestGraphs.AUTHOR, Wei.of(gas * 7 / 2)));
        block.include(transaction, 0);
        assertThat(block.receipts().get(0).credit()).isEqualTo(Wei.of(gas * 7 / 2));
        assertThat(block.receipts().get(0).author()).isEqualTo(TestGraphs.AUTHOR);
    }

    @Test
    void theMinimumPriceServesChainsWithoutABaseFee() {
        cost(sample(1, 1));
        long gas = transaction.inferenceGas();
        assertThat(transaction.settle(gas, Wei.ZERO)).containsExactly(new Credit(TestGraphs.AUTHOR, Wei.of(gas / 2)));
    }
}
