package io.engram.client.chain;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.model.RegistryStorage;
import io.engram.evm.state.Account;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Requests;
import io.engram.genesis.crypto.FunctionSelector;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.system.RequestContracts;
import io.engram.genesis.system.SystemContracts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.apache.tuweni.units.bigints.UInt256;

/** The calls that the protocol itself makes at the start and end of a block. Used by one thread. */
final class SystemCalls {

    /** Runs code on behalf of the protocol: 30,000,000 gas outside the block's, no value, no fees. */
    interface Caller {
        /** The returned bytes; empty when the call failed. */
        Optional<Bytes> call(Address target, Bytes input);
    }

    private static final Bytes SET_VALIDATORS = FunctionSelector.of("setValidators(address[])");

    private final BlockRules rules;
    private final Journal journal;
    private final Caller caller;

    SystemCalls(BlockRules rules, Journal journal, Caller caller) {
        this.rules = rules;
        this.journal = journal;
        this.caller = caller;
    }

    /** EIP-4788 and EIP-2935: absent code and failures are passed over, as the EIPs say. */
    void atStart(BlockHeader header) {
        if (header.number() == 0) {
            return;
        }
        header.parentBeaconBlockRoot().ifPresent(root -> {
            if (hasCode(SystemContracts.BEACON_ROOTS)) {
                caller.call(SystemContracts.BEACON_ROOTS, root.toBytes());
            }
        });
        if (rules.fork().isAtLeast(Fork.PRAGUE) && hasCode(SystemContracts.BLOCK_HASHES)) {
            caller.call(SystemContracts.BLOCK_HASHES, header.parentHash().toBytes());
        }
    }

    /** Writes the validators in force to the registry where they differ from those stored (protocol E4). */
    void writeValidators(ValidatorSet validators, StateReader parentState) throws InvalidBlockException {
        List<Address> stored = new RegistryStorage(parentState, SystemContracts.MODEL_REGISTRY).validators();
        if (stored.equals(validators.addresses())) {
            return;
        }
        if (caller.call(SystemContracts.MODEL_REGISTRY, setValidators(validators))
                .isEmpty()) {
            throw new InvalidBlockException(
                    "the system call that writes the validators to " + SystemContracts.MODEL_REGISTRY + " failed");
        }
    }

    /** {@code setValidators(address[])} in the contract ABI. */
    private static Bytes setValidators(ValidatorSet validators) {
        List<Bytes> words = new ArrayList<>();
        words.add(SET_VALIDATORS);
        words.add(UInt256.valueOf(Hash.SIZE));
        words.add(UInt256.valueOf(validators.size()));
        validators.addresses().forEach(address -> words.add(Bytes32.leftPad(address.toBytes())));
        return Bytes.concatenate(words);
    }

    /** The withdrawal and consolidation requests of the block (EIP-7002, EIP-7251): type byte and data of each. */
    List<Bytes> atEnd(RequestContracts contracts) throws InvalidBlockException {
        List<Bytes> requests = new ArrayList<>();
        collect(Requests.WITHDRAWAL_TYPE, contracts.withdrawals(), requests);
        collect(Requests.CONSOLIDATION_TYPE, contracts.consolidations(), requests);
        return List.copyOf(requests);
    }

    private void collect(int type, Address contract, List<Bytes> requests) throws InvalidBlockException {
        if (!hasCode(contract)) {
            throw new InvalidBlockException("the system contract " + contract + " has no code");
        }
        Bytes data = caller.call(contract, Bytes.EMPTY)
                .orElseThrow(() -> new InvalidBlockException("the system call to " + contract + " failed"));
        requests.add(Bytes.concatenate(Bytes.of(type), data));
    }

    private boolean hasCode(Address contract) {
        return journal.account(contract).map(Account::hasCode).orElse(false);
    }
}
