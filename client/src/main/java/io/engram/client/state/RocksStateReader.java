package io.engram.client.state;

import io.engram.client.storage.Column;
import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The state after one block. Holds nothing but the block's number, so that it can be kept and dropped freely: what later
 * blocks changed is found in the history columns. Thread-safe. Once the block itself is undone by a rewind, every read
 * throws.
 */
final class RocksStateReader implements StateReader {

    private final RocksWorldState world;
    private final StateHead block;

    /** The count of rewinds up to which the block is known to be canonical. */
    private volatile long rewinds;

    RocksStateReader(RocksWorldState world, StateHead block, long rewinds) {
        this.world = world;
        this.block = block;
        this.rewinds = rewinds;
    }

    StateHead block() {
        return block;
    }

    long rewinds() {
        return rewinds;
    }

    void confirmed(long rewindsNow) {
        rewinds = rewindsNow;
    }

    @Override
    public Optional<Account> account(Address address) {
        return stored(address).map(StoredAccount::toAccount);
    }

    @Override
    public UInt256 storage(Address address, UInt256 slot) {
        byte[] value = world.valueAt(this, Column.STORAGE, Column.STORAGE_HISTORY, StateKeys.slot(address, slot));
        return value.length == 0 ? UInt256.ZERO : UInt256.fromBytes(Bytes.wrap(value));
    }

    @Override
    public boolean hasStorage(Address address) {
        return stored(address).map(StoredAccount::hasStorage).orElse(false);
    }

    private Optional<StoredAccount> stored(Address address) {
        byte[] flat = world.valueAt(this, Column.ACCOUNTS, Column.ACCOUNT_HISTORY, StateKeys.account(address));
        return flat.length == 0 ? Optional.empty() : Optional.of(StoredAccount.fromFlat(flat));
    }

    @Override
    public Bytes code(Hash codeHash) {
        return world.code(codeHash);
    }
}
