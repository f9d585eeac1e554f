package io.engram.client.consensus;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import java.util.Optional;

/** Headers that this node has. Thread-safe. */
public interface ChainHeaders {

    Optional<BlockHeader> header(Hash hash);

    /** Of the canonical block of this number. */
    Optional<Hash> canonicalHash(long number);
}
