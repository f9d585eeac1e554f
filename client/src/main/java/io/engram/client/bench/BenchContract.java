package io.engram.client.bench;

import io.engram.evm.BlockContext;
import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.evm.transaction.Call;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** A state of two accounts, a contract and who calls it, both with ether. */
record BenchContract(Bytes code, Hash hash) implements StateReader {

    private static final Address SENDER = Address.fromHex("0x00000000000000000000000000000000000000aa");
    private static final Address CONTRACT = Address.fromHex("0x00000000000000000000000000000000000c0de1");

    BenchContract(Bytes code) {
        this(code, Keccak256.hash(code));
    }

    static Call call(Bytes input, long gas) {
        return Call.of(SENDER, Optional.of(CONTRACT), Wei.ZERO, input, gas);
    }

    static BlockContext block(long gasLimit) {
        return new BlockContext(
                Fork.OSAKA,
                UInt256.ONE,
                1_000,
                1_700_000_000,
                gasLimit,
                Address.ZERO,
                UInt256.ONE,
                Wei.ZERO,
                Wei.of(1),
                number -> new Hash(0, 0, 0, number));
    }

    @Override
    public Optional<Account> account(Address address) {
        if (address.equals(CONTRACT)) {
            return Optional.of(new Account(1, Wei.ofEther(1), hash));
        }
        return address.equals(SENDER) ? Optional.of(new Account(0, Wei.ofEther(1), Hash.EMPTY_CODE)) : Optional.empty();
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
        return code;
    }
}
