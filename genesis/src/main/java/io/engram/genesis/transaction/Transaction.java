package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Signature;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A signed transaction of any type, as decoded; whether it may enter a block is not checked here.
 *
 * @param chainId absent in legacy transactions without replay protection (before EIP-155)
 * @param nonce unsigned 64-bit
 * @param maxPriorityFeePerGas the gas price in types 0 and 1
 * @param maxFeePerGas the gas price in types 0 and 1
 * @param to absent when the transaction creates a contract
 * @param maxFeePerBlobGas present in type 3 only
 */
public record Transaction(
        TransactionType type,
        Optional<UInt256> chainId,
        long nonce,
        Wei maxPriorityFeePerGas,
        Wei maxFeePerGas,
        long gasLimit,
        Optional<Address> to,
        Wei value,
        Bytes data,
        List<AccessListEntry> accessList,
        Optional<Wei> maxFeePerBlobGas,
        List<Hash> blobVersionedHashes,
        List<Authorization> authorizations,
        Signature signature) {}
