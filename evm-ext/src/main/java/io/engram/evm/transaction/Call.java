package io.engram.evm.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * A message to run without signature and nonce, as eth_call and eth_estimateGas do.
 *
 * @param to absent to run {@code data} as init code
 * @param gasPrice what GASPRICE pushes and, if {@code charges}, what gas costs
 * @param charges whether the sender must be able to pay for gas and is charged
 */
public record Call(
        Address from,
        Optional<Address> to,
        Wei value,
        Bytes data,
        long gasLimit,
        Wei gasPrice,
        boolean charges,
        List<AccessListEntry> accessList,
        List<Hash> blobVersionedHashes,
        List<Authorization> authorizations) {

    public Call {
        accessList = List.copyOf(accessList);
        blobVersionedHashes = List.copyOf(blobVersionedHashes);
        authorizations = List.copyOf(authorizations);
    }

    /** A call that pays nothing. */
    public static Call of(Address from, Optional<Address> to, Wei value, Bytes data, long gasLimit) {
        return new Call(from, to, value, data, gasLimit, Wei.ZERO, false, List.of(), List.of(), List.of());
    }
}
