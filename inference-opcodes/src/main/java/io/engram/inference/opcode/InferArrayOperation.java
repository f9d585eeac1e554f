package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.genesis.Hash;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.units.bigints.UInt256;

/** INFERARRAY (modelId, slot, outOffset, outSize → status): input is a Solidity {@code bytes} value in storage. */
final class InferArrayOperation implements ExtensionOperation {

    @Override
    public int opcode() {
        return 0xc1;
    }

    @Override
    public String mnemonic() {
        return "INFERARRAY";
    }

    @Override
    public int stackIn() {
        return 4;
    }

    @Override
    public int stackOut() {
        return 1;
    }

    @Override
    public Outcome execute(ExtensionFrame frame) {
        Hash modelId = frame.popWord();
        UInt256 slot = UInt256.fromBytes(frame.popWord().toBytes());
        long outOffset = frame.popLong();
        long outSize = frame.popLong();
        if (!frame.expandMemory(outOffset, outSize)) {
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
        Optional<UInt256> head = frame.loadStorage(slot);
        if (head.isEmpty()) {
            return Outcome.OUT_OF_GAS;
        }
        StoredBytes stored = new StoredBytes(slot, Hash.of(head.get()));
        OptionalLong length = stored.length();
        if (length.isEmpty()) {
            return call.fail(FailureReason.MALFORMED_SLOT);
        }
        return call.run(entry.orElseThrow(), length.getAsLong(), () -> stored.read(frame));
    }
}
