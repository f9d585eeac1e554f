package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.IoFacts;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.model.ModelPrice;
import java.util.Optional;

/** MODELINFO (modelId, field → value); 0 for a model or field that there is not. */
final class ModelInfoOperation implements ExtensionOperation {

    @Override
    public int opcode() {
        return 0xc2;
    }

    @Override
    public String mnemonic() {
        return "MODELINFO";
    }

    @Override
    public int stackIn() {
        return 2;
    }

    @Override
    public int stackOut() {
        return 1;
    }

    @Override
    public Outcome execute(ExtensionFrame frame) {
        Hash modelId = frame.popWord();
        long field = frame.popLong();
        InferenceTransaction transaction = InferenceCall.transactionOf(frame);
        InferenceConfig config = transaction.block().config();
        if (!frame.chargeGas(config.gas().base())) {
            return Outcome.OUT_OF_GAS;
        }
        Optional<ModelEntry> entry = transaction.isSystem()
                ? Optional.empty()
                : transaction.block().directory().find(modelId);
        frame.push(entry.map(model -> value(model, field, config)).orElse(Hash.ZERO));
        return Outcome.CONTINUE;
    }

    private static Hash value(ModelEntry entry, long field, InferenceConfig config) {
        ModelFacts facts = entry.facts();
        IoFacts input = facts.inputs().get(0);
        IoFacts output = facts.outputs().get(0);
        if (field > Byte.MAX_VALUE) {
            return Hash.ZERO;
        }
        return switch ((int) field) {
            case 0 -> word(entry.status().code());
            case 1 -> word(facts.inputBytes());
            case 2 -> word(facts.outputBytes());
            case 3 -> word(ModelPrice.gas(facts, config.gas()));
            case 4 -> word(ModelPrice.coldGas(facts, config.gas()));
            case 5 -> word(facts.maxBatch());
            case 6 -> word(input.scale().mantissa());
            case 7 -> word(input.scale().exponent());
            case 8 -> word(input.zeroPoint());
            case 9 -> word(output.scale().mantissa());
            case 10 -> word(output.scale().exponent());
            case 11 -> word(output.zeroPoint());
            case 12 -> word(entry.author());
            case 13 -> word(Math.min(entry.royalty(), config.royaltyShare()));
            case 14 -> word(ModelPrice.sampleGas(facts, config.gas()));
            case 15 -> word(input.lo());
            case 16 -> word(input.hi());
            default -> Hash.ZERO;
        };
    }

    /** Two's complement in 256 bits. */
    private static Hash word(long value) {
        long sign = value >> 63;
        return new Hash(sign, sign, sign, value);
    }

    private static Hash word(Address address) {
        return new Hash(0, Integer.toUnsignedLong(address.hi()), address.mid(), address.lo());
    }
}
