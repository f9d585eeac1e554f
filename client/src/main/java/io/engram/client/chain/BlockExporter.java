package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import java.io.IOException;
import java.io.OutputStream;

/** Writes canonical blocks one after another in their RLP form, seals included, as import reads them. */
public final class BlockExporter {

    private final ChainStore store;

    public BlockExporter(ChainStore store) {
        this.store = store;
    }

    /**
     * Writes the blocks {@code first} to {@code last}.
     *
     * @return how many were written
     * @throws IllegalArgumentException when the chain does not reach so far
     */
    public long export(long first, long last, OutputStream out) throws IOException {
        long head = store.head().number();
        if (first < 0 || last > head) {
            throw new IllegalArgumentException("the chain has blocks 0 to " + head + ", not " + first + " to " + last);
        }
        for (long number = first; number <= last; number++) {
            out.write(BlockCodec.encode(block(number)).toArrayUnsafe());
        }
        return Math.max(0, last - first + 1);
    }

    private Block block(long number) {
        Hash hash = store.canonicalHash(number)
                .orElseThrow(() -> new IllegalStateException("no canonical block " + number));
        return store.block(hash).orElseThrow(() -> new IllegalStateException("block " + hash + " is incomplete"));
    }
}
