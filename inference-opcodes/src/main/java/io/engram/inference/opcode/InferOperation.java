package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.genesis.Hash;
import java.util.Optional;

/** INFER (modelId, inOffset, inSize, outOffset, outSize → status): input from memory. */
final class InferOperation implements ExtensionOperation {

    @Override
    public int opcode() {
        return 0xc0;
    }

    @Override
    public String mnemonic() {
        return "INFER";
    }

    @Override
    public int stackIn() {
        return 5;
    }

    @Override
    public int stackOut() {
        return 1;
    }

    @Override
    public Outcome execute(ExtensionFrame frame) {
        Hash modelId = frame.popWord();
        long inOffset = frame.popLong();
        long inSize = frame.popLong();
        long outOffset = frame.popLong();
        long outSize = frame.popLong();
        if (!frame.expandMemory(inOffset, inSize) || !frame.expandMemory(outOffset, outSize)) {
            return Outcome.OUT_OF_GAS;
        }
        InferenceCall call = new InferenceCall(frame, modelId, outOffset, outSize);
        if (!frame.chargeGas(call.gas().base())) {
            return Outcome.OUT_OF_GAS;
        }
        Optional<ModelEntry> entry = call.find();
        Optional<FailureReason> refusal = InferenceCall.refusal(entry);
        if (refusal.isPresent()) {
            return call.fail(refusal.get());
        }
        return call.run(entry.orElseThrow(), inSize, () -> Optional.of(frame.readMemory(inOffset, (int) inSize)));
    }
}
