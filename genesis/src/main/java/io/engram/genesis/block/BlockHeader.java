package io.engram.genesis.block;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A block header of any fork. The optional fields appear in the order in which forks added them; a field is present only
 * when all before it are.
 *
 * @param mixHash proof-of-work mix before the merge, prevRandao after it, the QBFT digest under QBFT
 * @param logsBloom 256 bytes
 * @param timestamp seconds since 1970
 * @param nonce 8 bytes
 * @param baseFee London, EIP-1559
 * @param withdrawalsRoot Shanghai, EIP-4895
 * @param blobGasUsed Cancun, EIP-4844
 * @param excessBlobGas Cancun, EIP-4844
 * @param parentBeaconBlockRoot Cancun, EIP-4788
 * @param requestsHash Prague, EIP-7685
 */
public record BlockHeader(
        Hash parentHash,
        Hash ommersHash,
        Address coinbase,
        Hash stateRoot,
        Hash transactionsRoot,
        Hash receiptsRoot,
        Bytes logsBloom,
        UInt256 difficulty,
        long number,
        long gasLimit,
        long gasUsed,
        long timestamp,
        Bytes extraData,
        Hash mixHash,
        Bytes nonce,
        Optional<Wei> baseFee,
        Optional<Hash> withdrawalsRoot,
        Optional<Long> blobGasUsed,
        Optional<Long> excessBlobGas,
        Optional<Hash> parentBeaconBlockRoot,
        Optional<Hash> requestsHash) {}
