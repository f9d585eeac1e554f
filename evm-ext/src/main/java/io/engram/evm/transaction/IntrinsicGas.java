package io.engram.evm.transaction;

import io.engram.evm.operation.OpcodeTable;
import io.engram.genesis.transaction.AccessListEntry;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a transaction costs before any code runs.
 *
 * @param gas charged at the start
 * @param floor the least that is charged in the end (EIP-7623), 0 where there is no floor
 */
public record IntrinsicGas(long gas, long floor) {

    private static final long TRANSACTION = 21000;
    private static final long ZERO_BYTE = 4;
    private static final long ACCESS_ADDRESS = 2400;
    private static final long ACCESS_SLOT = 1900;
    private static final long TOKENS_OF_BYTE = 4;

    /** Charged for each authorization as if its account were new (EIP-7702). */
    static final long NEW_AUTHORITY = 25000;

    /** The least gas limit with which the transaction is valid. */
    public long minimum() {
        return Math.max(gas, floor);
    }

    public static IntrinsicGas of(
            OpcodeTable table, Bytes data, boolean creation, List<AccessListEntry> accessList, int authorizations) {
        long zeros = 0;
        for (byte b : data.toArrayUnsafe()) {
            zeros += b == 0 ? 1 : 0;
        }
        long others = data.size() - zeros;
        long gas = TRANSACTION + zeros * ZERO_BYTE + others * table.dataByte();
        if (creation) {
            gas += table.creationGas() + (data.size() + 31L) / 32 * table.initCodeWord();
        }
        for (AccessListEntry entry : accessList) {
            gas += ACCESS_ADDRESS + ACCESS_SLOT * entry.slots().size();
        }
        gas += NEW_AUTHORITY * authorizations;
        long floor = table.floorToken() == 0 ? 0 : TRANSACTION + table.floorToken() * (zeros + TOKENS_OF_BYTE * others);
        return new IntrinsicGas(gas, floor);
    }
}
