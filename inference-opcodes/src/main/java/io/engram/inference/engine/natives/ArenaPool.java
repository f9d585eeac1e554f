package io.engram.inference.engine.natives;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Memory of runs, kept for the next one up to a bound. Thread-safe. */
final class ArenaPool {

    /** A block that one run uses at a time. */
    record Block(Arena arena, MemorySegment segment) {

        private long bytes() {
            return segment.byteSize();
        }
    }

    private final long maxIdleBytes;
    private final List<Block> idle = new ArrayList<>();
    private long idleBytes;

    /** @param maxIdleBytes what blocks that no run uses may take together */
    ArenaPool(long maxIdleBytes) {
        this.maxIdleBytes = maxIdleBytes;
    }

    /** A block of at least so many bytes, with anything in it. */
    @SuppressWarnings("MustBeClosedChecker") // the block goes back to the pool, which closes it or keeps it
    Block take(long bytes) {
        Optional<Block> known = takeIdle(bytes);
        if (known.isPresent()) {
            return known.get();
        }
        Arena arena = Arena.ofShared();
        try {
            return new Block(arena, arena.allocate(bytes, Constants.ALIGNMENT));
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    private synchronized Optional<Block> takeIdle(long bytes) {
        Optional<Block> best =
                idle.stream().filter(block -> block.bytes() >= bytes).min(Comparator.comparingLong(Block::bytes));
        best.ifPresent(block -> {
            idle.remove(block);
            idleBytes -= block.bytes();
        });
        return best;
    }

    void giveBack(Block block) {
        if (!keep(block)) {
            block.arena.close();
        }
    }

    private synchronized boolean keep(Block block) {
        if (idleBytes + block.bytes() > maxIdleBytes) {
            return false;
        }
        idle.add(block);
        idleBytes += block.bytes();
        return true;
    }
}
