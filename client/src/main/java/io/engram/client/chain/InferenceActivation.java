package io.engram.client.chain;

import io.engram.evm.LocalFaultException;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferencePredeploys;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * The irregular state change with which inference begins after genesis (protocol D2): gateway and registry appear. The
 * validators are written by the system call that follows.
 */
final class InferenceActivation {

    private InferenceActivation() {}

    static void apply(Journal journal, InferenceConfig config) {
        InferencePredeploys.accounts(config, List.of())
                .forEach((address, account) -> install(journal, address, account));
    }

    private static void install(Journal journal, Address address, GenesisAccount account) {
        Bytes present = journal.code(address);
        if (!present.isEmpty() && !present.equals(account.code())) {
            throw new LocalFaultException("inference cannot be activated: " + address
                    + " holds other code than the one to be installed there");
        }
        journal.setNonce(address, account.nonce());
        journal.setCode(address, account.code());
        account.storage().forEach((slot, value) -> journal.setStorage(address, slot, value));
    }
}
