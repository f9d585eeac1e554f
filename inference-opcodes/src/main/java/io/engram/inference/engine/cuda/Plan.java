package io.engram.inference.engine.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A model as launches over one block of device memory, the arena.
 *
 * @param launches of all nodes in order
 * @param nodes which of them belong to each node
 * @param hashes launches that make the roots of all results
 * @param records of all launches
 * @param constants content of the block of constants
 * @param places of each value in the arena; those of constants mean nothing
 * @param uploadBytes from the start of the arena: the inputs
 * @param downloadFrom where the outputs begin
 * @param roots place of the roots, one after another, behind the outputs
 * @param downloadBytes outputs and roots
 * @param arenaBytes what a run needs
 */
record Plan(
        List<Launch> launches,
        List<Span> nodes,
        List<Launch> hashes,
        MemorySegment records,
        MemorySegment constants,
        int[] places,
        long uploadBytes,
        long downloadFrom,
        int roots,
        long downloadBytes,
        long arenaBytes) {

    /** Launches {@code from} to {@code to}. */
    record Span(int from, int to) {}

    Plan {
        launches = List.copyOf(launches);
        nodes = List.copyOf(nodes);
        hashes = List.copyOf(hashes);
    }

    /** Memory of this machine that it takes. */
    long heldBytes() {
        return records.byteSize() + constants.byteSize();
    }
}
