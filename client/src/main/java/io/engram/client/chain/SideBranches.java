package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Blocks off the canonical chain whose headers and bodies are right, in memory; the oldest go first when there are too
 * many. Not thread-safe.
 */
final class SideBranches {

    /** Blocks kept. */
    static final int MAX_BLOCKS = 1_024;

    /** @param totalDifficulty up to and including the block */
    record SideBlock(Block block, Hash hash, UInt256 totalDifficulty) {
        ChainStore.Head asHead() {
            return new ChainStore.Head(hash, block.header(), totalDifficulty);
        }

        Hash parentHash() {
            return block.header().parentHash();
        }
    }

    private final Map<Hash, SideBlock> blocks = new LinkedHashMap<>();

    Optional<SideBlock> get(Hash hash) {
        return Optional.ofNullable(blocks.get(hash));
    }

    void add(SideBlock block) {
        blocks.putIfAbsent(block.hash(), block);
        if (blocks.size() > MAX_BLOCKS) {
            blocks.remove(blocks.keySet().iterator().next());
        }
    }

    void remove(Hash hash) {
        blocks.remove(hash);
    }
}
