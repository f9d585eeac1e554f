package io.engram.client.chain;

import io.engram.client.consensus.validator.ValidatorContract;
import io.engram.evm.LocalFaultException;
import io.engram.evm.interpreter.CallResult;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.crypto.FunctionSelector;
import io.engram.inference.opcode.InferenceTerms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Asks the validator contract by a call of the protocol on the state after a block, in which models run nothing (protocol
 * C3). Thread-safe.
 */
final class ValidatorContractCalls implements ValidatorContract {

    private static final Bytes GET_VALIDATORS = FunctionSelector.of("getValidators()");

    /** Also a bound on the answer of a contract that went wrong. */
    private static final int MAX_VALIDATORS = 10_000;

    private static final int PADDING = Hash.SIZE - Address.SIZE;

    private final CallSimulator simulator;

    ValidatorContractCalls(CallSimulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public List<Address> validators(Address contract, BlockHeader block) {
        CallSimulator.Session session = simulator
                .onTopOf(block, InferenceTerms.CONSENSUS)
                .orElseThrow(() -> new LocalFaultException(
                        "the state after block " + block.number() + " is not here, and the validators are in it"));
        CallResult result = session.processor()
                .systemCall(contract, GET_VALIDATORS, session.block(), session.journal(), Tracer.NONE);
        return decode(contract, result);
    }

    private static List<Address> decode(Address contract, CallResult result) {
        Bytes output = result.output();
        if (!result.succeeded() || output.size() < 2 * Hash.SIZE) {
            throw unusable(contract, "gives no list");
        }
        UInt256 offset = word(output, 0);
        UInt256 count = word(output, Hash.SIZE);
        if (!offset.equals(UInt256.valueOf(Hash.SIZE)) || count.compareTo(UInt256.valueOf(MAX_VALIDATORS)) > 0) {
            throw unusable(contract, "gives no list of addresses");
        }
        List<Address> validators = new ArrayList<>();
        for (int i = 0; i < count.toInt(); i++) {
            int at = (2 + i) * Hash.SIZE;
            if (output.size() < at + Hash.SIZE) {
                throw unusable(contract, "gives a list that is cut short");
            }
            validators.add(Address.of(output.slice(at + PADDING, Address.SIZE)));
        }
        if (validators.isEmpty() || new HashSet<>(validators).size() != validators.size()) {
            throw unusable(contract, "lists nobody, or somebody twice");
        }
        return List.copyOf(validators);
    }

    private static UInt256 word(Bytes output, int at) {
        return UInt256.fromBytes(output.slice(at, Hash.SIZE));
    }

    private static LocalFaultException unusable(Address contract, String fault) {
        return new LocalFaultException("the validator contract " + contract + " " + fault);
    }
}
