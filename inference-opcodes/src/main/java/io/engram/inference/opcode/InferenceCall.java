package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation.Outcome;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.engine.Inference;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.model.ModelPrice;
import java.util.List;
import java.util.Optional;

/**
 * What INFER and INFERARRAY have in common, in the order that docs/inference-spec.md, "Opcodes", gives. The output range
 * in memory has been expanded to and paid for.
 */
final class InferenceCall {

    /** Where the input comes from. */
    interface InputReader {

        /** Reads all of the input, charging for it; empty when gas does not suffice. */
        Optional<byte[]> read();
    }

    private final ExtensionFrame frame;
    private final InferenceTransaction transaction;
    private final Hash modelId;
    private final long outOffset;
    private final long outSize;

    InferenceCall(ExtensionFrame frame, Hash modelId, long outOffset, long outSize) {
        this.frame = frame;
        this.transaction = transactionOf(frame);
        this.modelId = modelId;
        this.outOffset = outOffset;
        this.outSize = outSize;
    }

    static InferenceTransaction transactionOf(ExtensionFrame frame) {
        if (frame.transaction() instanceof InferenceTransaction transaction) {
            return transaction;
        }
        throw new IllegalStateException("the frame belongs to another operation set");
    }

    InferenceConfig.Gas gas() {
        return transaction.block().config().gas();
    }

    Optional<ModelEntry> find() {
        return transaction.block().directory().find(modelId);
    }

    /** Why a model cannot be called, if so. */
    static Optional<FailureReason> refusal(Optional<ModelEntry> entry) {
        if (entry.isEmpty() || entry.get().status() == ModelStatus.UNKNOWN) {
            return Optional.of(FailureReason.UNKNOWN_MODEL);
        }
        return entry.get().status() == ModelStatus.ACTIVE
                ? Optional.empty()
                : Optional.of(FailureReason.INACTIVE_MODEL);
    }

    /** Everything from the check of the size on; the base price has been charged. */
    Outcome run(ModelEntry entry, long size, InputReader reader) {
        ModelFacts facts = entry.facts();
        if (size < facts.inputBytes()
                || size % facts.inputBytes() != 0
                || size / facts.inputBytes() > facts.maxBatch()) {
            return fail(FailureReason.INPUT_SIZE);
        }
        int samples = (int) (size / facts.inputBytes());
        long ioGas = ModelPrice.ioGas(facts, samples, gas());
        if (!frame.chargeGas(ioGas)) {
            return Outcome.OUT_OF_GAS;
        }
        if (transaction.isSystem()) {
            return fail(FailureReason.SYSTEM_CALL);
        }
        Optional<byte[]> input = reader.read();
        if (input.isEmpty()) {
            return Outcome.OUT_OF_GAS;
        }
        if (!facts.acceptsValues(input.get())) {
            return fail(FailureReason.INPUT_RANGE);
        }
        long sampleGas = ModelPrice.sampleGas(facts, gas());
        long coldGas = transaction.isWarm(modelId) ? 0 : ModelPrice.coldGas(facts, gas());
        long rest = ModelPrice.plus(coldGas, ModelPrice.times(samples, sampleGas));
        if (!frame.chargeGas(rest)) {
            return Outcome.OUT_OF_GAS;
        }
        transaction.warm(modelId);
        if (!transaction.admits(modelId)) {
            return Outcome.EXCLUDE_TRANSACTION;
        }
        long callGas = ModelPrice.plus(ModelPrice.plus(gas().base(), ioGas), coldGas);
        if (!transaction.fits(ModelPrice.plus(callGas, ModelPrice.times(samples, sampleGas)))) {
            return Outcome.EXCLUDE_TRANSACTION;
        }
        List<Inference> results = transaction.block().run(modelId, facts, input.get());
        byte[] output = new byte[samples * facts.outputBytes()];
        int share = Math.min(entry.royalty(), transaction.block().config().royaltyShare());
        for (int i = 0; i < samples; i++) {
            System.arraycopy(results.get(i).output(), 0, output, i * facts.outputBytes(), facts.outputBytes());
            long charged = i == 0 ? ModelPrice.plus(callGas, sampleGas) : sampleGas;
            transaction.charge(new InferenceCharge(modelId, entry.author(), share, charged, results.get(i)));
        }
        frame.setReturnData(output);
        frame.writeMemory(outOffset, output, (int) Math.min(outSize, output.length));
        frame.push(1);
        return Outcome.CONTINUE;
    }

    Outcome fail(FailureReason reason) {
        frame.setReturnData(new Hash(0, 0, 0, reason.code()).toArray());
        frame.push(0);
        return Outcome.CONTINUE;
    }
}
