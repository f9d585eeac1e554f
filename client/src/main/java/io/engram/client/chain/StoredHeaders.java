package io.engram.client.chain;

import io.engram.client.consensus.ChainHeaders;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import java.util.Optional;

/** The stored headers as consensus sees them. Thread-safe. */
public record StoredHeaders(ChainStore store) implements ChainHeaders {

    @Override
    public Optional<BlockHeader> header(Hash hash) {
        return store.header(hash);
    }

    @Override
    public Optional<Hash> canonicalHash(long number) {
        return store.canonicalHash(number);
    }
}
