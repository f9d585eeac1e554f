package io.engram.client.chain;

import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Requests;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.system.SystemContracts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** The calls that the protocol itself makes at the start and end of a block. Used by one thread. */
final class SystemCalls {

    /** Runs code on behalf of the protocol: 30,000,000 gas outside the block's, no value, no fees. */
    interface Caller {
        /** The returned bytes; empty when the call failed. */
        Optional<Bytes> call(Address target, Bytes input);
    }

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
        if (rules.fork().isAtLeast(Fork.PRAGUE) && hasCode(SystemContracts.HISTORY_STORAGE)) {
            caller.call(SystemContracts.HISTORY_STORAGE, header.parentHash().toBytes());
        }
    }

    /** The withdrawal and consolidation requests of the block (EIP-7002, EIP-7251): type byte and data of each. */
    List<Bytes> atEnd() throws InvalidBlockException {
        List<Bytes> requests = new ArrayList<>();
        collect(Requests.WITHDRAWAL_TYPE, SystemContracts.WITHDRAWAL_REQUESTS, requests);
        collect(Requests.CONSOLIDATION_TYPE, SystemContracts.CONSOLIDATION_REQUESTS, requests);
        return List.copyOf(requests);
    }

    private void collect(int type, Address contract, List<Bytes> requests) throws InvalidBlockException {
        if (!hasCode(contract)) {
            if (rules.isQbft()) {
                return;
            }
            throw new InvalidBlockException("the system contract " + contract + " has no code");
        }
        Bytes data = caller.call(contract, Bytes.EMPTY)
                .orElseThrow(() -> new InvalidBlockException("the system call to " + contract + " failed"));
        requests.add(Bytes.concatenate(Bytes.of(type), data));
    }

    private boolean hasCode(Address contract) {
        return journal.account(contract).map(account -> account.hasCode()).orElse(false);
    }
}
