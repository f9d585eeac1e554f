package io.engram.client.pool;

import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** A state of plain accounts, a pool on it, and transactions for it. */
final class PoolFixture implements StateReader {

    static final UInt256 CHAIN = UInt256.valueOf(1_337);
    static final Wei BASE_FEE = Wei.of(100);

    final Map<Address, Account> accounts = new HashMap<>();
    final TransactionPool pool;

    PoolFixture(PoolLimits limits) {
        this.pool = new TransactionPool(limits, new TransactionChecks(CHAIN), head());
    }

    static KeyPair key(int number) {
        return KeyPair.of(new Hash(0, 0, 0, number));
    }

    PoolHead head() {
        return new PoolHead(Fork.OSAKA, BASE_FEE, 30_000_000, this);
    }

    void fund(int key, long nonce, Wei balance) {
        accounts.put(key(key).address(), new Account(nonce, balance, Hash.EMPTY_CODE));
    }

    static UnsignedTransaction.Builder fields(long nonce, long tip) {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(CHAIN)
                .nonce(nonce)
                .fees(Wei.of(100 + tip), Wei.of(tip))
                .gasLimit(21_000)
                .to(Address.ZERO);
    }

    static Transaction transaction(int key, long nonce, long tip) {
        return fields(nonce, tip).sign(key(key));
    }

    @Override
    public Optional<Account> account(Address address) {
        return Optional.ofNullable(accounts.get(address));
    }

    @Override
    public UInt256 storage(Address address, UInt256 slot) {
        return UInt256.ZERO;
    }

    @Override
    public boolean hasStorage(Address address) {
        return false;
    }

    @Override
    public Bytes code(Hash codeHash) {
        return Bytes.EMPTY;
    }
}
