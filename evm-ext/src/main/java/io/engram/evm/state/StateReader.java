package io.engram.evm.state;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One committed state, read only. Implementations give the same answers for as long as the reader is in use, whatever
 * is committed meanwhile, and throw {@link io.engram.evm.LocalFaultException} when they cannot answer.
 */
public interface StateReader {

    /** Absent when the account does not exist. */
    Optional<Account> account(Address address);

    /** Zero when the slot was never written or the account does not exist. */
    UInt256 storage(Address address, UInt256 slot);

    /** Whether any slot is non-zero (EIP-7610). */
    boolean hasStorage(Address address);

    /** The code with this hash; empty bytes for {@link Hash#EMPTY_CODE}. */
    Bytes code(Hash codeHash);
}
