package io.engram.inference.engine.natives;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A model as native steps over one block of memory.
 *
 * @param steps records of the library
 * @param heldBytes of steps and constants
 * @param nodes which of them belong to each node
 * @param calls the steps in order, cut where Java must come in
 * @param places offset of each value in the arena; 0 for constants
 * @param arenaBytes what a run needs
 * @param work of a run, in multiply–accumulates or their like
 */
record Plan(
        MemorySegment steps,
        long heldBytes,
        MemorySegment constants,
        List<Span> nodes,
        List<Call> calls,
        long[] places,
        long arenaBytes,
        long work) {

    /** Where the counters of a run are; at the start. */
    static final long CONTROL_BYTES = 64;

    /** Where the roots of all results are, one after another. */
    static final long ROOTS = CONTROL_BYTES;

    /** Steps {@code from} to {@code to}; hash steps of a node are not among them. */
    record Span(int from, int to, boolean isNative) {}

    /**
     * One call of the library.
     *
     * @param node that another back end computes before it; −1 for none
     */
    record Call(int node, int from, int to) {}

    Plan {
        nodes = List.copyOf(nodes);
        calls = List.copyOf(calls);
    }
}
