package io.engram.client.node;

import io.engram.client.chain.ExecutedBlock;
import io.engram.client.state.RocksWorldState;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.config.GenesisBlock;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.crypto.Keccak256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Block 0 of a genesis file, ready to be stored.
 *
 * @param allocation the state after it
 */
public record GenesisState(ExecutedBlock block, StateChanges allocation) {

    /** @throws InvalidGenesisException when the parts of the file do not go together */
    public static GenesisState of(GenesisFile file) throws InvalidGenesisException {
        Map<Address, AccountChange> accounts = new HashMap<>();
        Map<Hash, Bytes> code = new HashMap<>();
        for (Map.Entry<Address, GenesisAccount> entry : file.accounts().entrySet()) {
            GenesisAccount account = entry.getValue();
            Hash codeHash = Keccak256.hash(account.code());
            if (!account.code().isEmpty()) {
                code.put(codeHash, account.code());
            }
            accounts.put(
                    entry.getKey(),
                    new AccountChange(
                            Optional.of(new Account(account.nonce(), account.balance(), codeHash)),
                            false,
                            account.storage()));
        }
        StateChanges allocation = new StateChanges(accounts, code);
        Block block = GenesisBlock.of(file, RocksWorldState.rootOf(allocation));
        Hash hash = file.config().hasher().hash(block.header());
        return new GenesisState(
                new ExecutedBlock(block, hash, block.header().difficulty(), List.of(), List.of()), allocation);
    }
}
