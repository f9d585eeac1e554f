package io.engram.client.chain;

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
import java.util.SortedMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * Block 0 of a chain and the state that it begins with.
 *
 * @param block as the store keeps it
 * @param allocation every account, as a change of the empty state
 */
public record GenesisState(ExecutedBlock block, StateChanges allocation) {

    /** @throws InvalidGenesisException when extra data and rules do not go together */
    public static GenesisState of(GenesisFile file) throws InvalidGenesisException {
        return of(file, file.accounts());
    }

    /**
     * With these accounts in place of the file's.
     *
     * @throws InvalidGenesisException when extra data and rules do not go together
     */
    public static GenesisState of(GenesisFile file, SortedMap<Address, GenesisAccount> accounts)
            throws InvalidGenesisException {
        StateChanges allocation = allocation(accounts);
        Block block = GenesisBlock.of(file, RocksWorldState.rootOf(allocation));
        Hash hash = file.config().hasher().hash(block.header());
        return new GenesisState(
                new ExecutedBlock(block, hash, block.header().difficulty(), List.of(), List.of(), List.of(), 0),
                allocation);
    }

    /** The accounts as a change of the empty state. */
    public static StateChanges allocation(SortedMap<Address, GenesisAccount> accounts) {
        Map<Address, AccountChange> changes = new HashMap<>();
        Map<Hash, Bytes> code = new HashMap<>();
        accounts.forEach((address, account) -> {
            Hash codeHash = account.code().isEmpty() ? Hash.EMPTY_CODE : Keccak256.hash(account.code());
            if (!account.code().isEmpty()) {
                code.put(codeHash, account.code());
            }
            changes.put(
                    address,
                    new AccountChange(
                            Optional.of(new Account(account.nonce(), account.balance(), codeHash)),
                            false,
                            account.storage()));
        });
        return new StateChanges(changes, code);
    }
}
