package io.engram.client.differential;

import io.engram.evm.BlockContext;
import io.engram.evm.memory.MemoryState;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Two contracts and a message to one of them, or init code in its place.
 *
 * @param to absent to run {@code data} as init code
 * @param gas of the call itself, without intrinsic gas
 */
record Scenario(Fork fork, Bytes first, Bytes second, Optional<Address> to, Bytes data, Wei value, long gas) {

    static final Address SENDER = Address.fromHex("0x00000000000000000000000000000000000000aa");
    static final Address FIRST = Address.fromHex("0x00000000000000000000000000000000000c0de1");
    static final Address SECOND = Address.fromHex("0x00000000000000000000000000000000000c0de2");
    static final Address COINBASE = Address.fromHex("0x00000000000000000000000000000000000000cb");
    static final Wei BALANCE = Wei.of(1_000_000);
    static final Wei GAS_PRICE = Wei.of(9);
    static final Map<UInt256, UInt256> SLOTS =
            Map.of(UInt256.ZERO, UInt256.valueOf(5), UInt256.ONE, UInt256.MAX_VALUE, UInt256.valueOf(2), UInt256.ONE);

    /** Every account but the sender's, which is the same everywhere. */
    Map<Address, Bytes> contracts() {
        return Map.of(FIRST, first, SECOND, second);
    }

    MemoryState state() {
        MemoryState state = new MemoryState();
        state.put(SENDER, 0, BALANCE, Bytes.EMPTY, Map.of());
        contracts().forEach((address, code) -> state.put(address, 1, BALANCE, code, SLOTS));
        return state;
    }

    static Hash blockHash(long number) {
        return new Hash(number, 2, 3, 4);
    }

    BlockContext block() {
        return new BlockContext(
                fork,
                UInt256.valueOf(1_337),
                1_000,
                12_345,
                30_000_000,
                COINBASE,
                UInt256.valueOf(77),
                Wei.of(7),
                Wei.ZERO,
                Scenario::blockHash);
    }
}
