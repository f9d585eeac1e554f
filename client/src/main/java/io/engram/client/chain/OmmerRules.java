package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which ommers a block may hold (yellow paper, 11.1). Thread-safe as the store is. */
final class OmmerRules {

    private static final int MAX_OMMERS = 2;
    private static final int GENERATIONS = 6;

    private final ChainStore store;
    private final HeaderRules headers;

    OmmerRules(ChainStore store, HeaderRules headers) {
        this.store = store;
        this.headers = headers;
    }

    void check(Block block) throws InvalidBlockException {
        List<BlockHeader> ommers = block.body().ommers();
        if (ommers.isEmpty()) {
            return;
        }
        if (ommers.size() > MAX_OMMERS) {
            throw new InvalidBlockException(ommers.size() + " ommers, expected at most " + MAX_OMMERS);
        }
        Map<Hash, BlockHeader> ancestors = new HashMap<>();
        Set<Hash> used = new HashSet<>();
        Hash at = block.header().parentHash();
        for (int generation = 0; generation <= GENERATIONS; generation++) {
            Hash hash = at;
            BlockHeader ancestor = store.header(hash).orElse(null);
            if (ancestor == null) {
                break;
            }
            ancestors.put(hash, ancestor);
            store.body(hash)
                    .map(BlockBody::ommers)
                    .orElse(List.of())
                    .forEach(ommer -> used.add(HeaderHasher.KECCAK.hash(ommer)));
            at = ancestor.parentHash();
        }
        for (BlockHeader ommer : ommers) {
            Hash hash = HeaderHasher.KECCAK.hash(ommer);
            if (ancestors.containsKey(hash)) {
                throw new InvalidBlockException("ommer " + hash + " is an ancestor of the block");
            }
            if (!used.add(hash)) {
                throw new InvalidBlockException("ommer " + hash + " is in the chain already");
            }
            BlockHeader parent = ancestors.get(ommer.parentHash());
            if (parent == null || ommer.parentHash().equals(block.header().parentHash())) {
                throw new InvalidBlockException("the parent of ommer " + hash + ", " + ommer.parentHash()
                        + ", is not one of the ancestors 2 to 7 generations back");
            }
            try {
                headers.check(ommer, headOf(ommer.parentHash(), parent));
            } catch (InvalidBlockException e) {
                throw new InvalidBlockException("ommer " + hash + ": " + e.reason());
            }
        }
    }

    private ChainStore.Head headOf(Hash hash, BlockHeader header) {
        return new ChainStore.Head(hash, header, store.totalDifficulty(hash).orElseThrow());
    }
}
