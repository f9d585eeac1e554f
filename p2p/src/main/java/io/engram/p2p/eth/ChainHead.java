package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Where a node's chain ends.
 *
 * @param timestamp seconds since 1970
 * @param totalDifficulty up to and with this block; under QBFT the number of blocks
 * @param earliest first block whose body and receipts are at hand
 */
public record ChainHead(long number, Hash hash, long timestamp, UInt256 totalDifficulty, long earliest) {

    BlockRange range() {
        return new BlockRange(earliest, number, hash);
    }
}
