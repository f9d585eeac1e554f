package io.engram.genesis.block;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;

/** How a chain's headers are identified. Implementations are pure and thread-safe. */
@FunctionalInterface
public interface HeaderHasher {

    /** Keccak-256 of the whole header, as on Ethereum. */
    HeaderHasher KECCAK = header -> Keccak256.hash(BlockCodec.encodeHeader(header));

    Hash hash(BlockHeader header);
}
