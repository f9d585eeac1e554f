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
 * @param number 0 to 2^63 − 1, as gas limit, gas used and blob gas
 * @param timestamp seconds since 1970, unsigned 64-bit
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
        Optional<Hash> requestsHash) {

    public static final int BLOOM_SIZE = 256;
    public static final int NONCE_SIZE = 8;

    /** The same header with other extra data. */
    public BlockHeader withExtraData(Bytes replacement) {
        return new BlockHeader(
                parentHash,
                ommersHash,
                coinbase,
                stateRoot,
                transactionsRoot,
                receiptsRoot,
                logsBloom,
                difficulty,
                number,
                gasLimit,
                gasUsed,
                timestamp,
                replacement,
                mixHash,
                nonce,
                baseFee,
                withdrawalsRoot,
                blobGasUsed,
                excessBlobGas,
                parentBeaconBlockRoot,
                requestsHash);
    }
}
