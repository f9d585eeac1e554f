package io.engram.inference.engine.natives;

import io.engram.genesis.Hash;
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
    static final long CONTROL_BYTES = 128;

    /** Where the roots of all results are, one after another. */
    static final long ROOTS = CONTROL_BYTES;

    /** Where the tops of their trees are. */
    static long tops(int nodes) {
        return ROOTS + (long) Hash.SIZE * nodes;
    }

    /** Where the count of hashed pieces of each result is. */
    static long finished(int nodes) {
        return tops(nodes) + (long) Hash.SIZE * nodes;
    }

    /** Bytes before the first value; all 0 when a run begins. */
    static long headBytes(int nodes) {
        return finished(nodes) + (long) Long.BYTES * nodes;
    }

    /** Steps {@code from} to {@code to}; hash steps of a node are not among them. */
    record Span(int from, int to, boolean isNative) {}

    /**
     * One call of the library.
     *
     * @param node that another back end computes before it; −1 for none
     */
    record Call(int node, int from, int to) {}

    int stepCount() {
        return (int) (steps.byteSize() / StepList.STEP_BYTES);
    }

    Plan {
        nodes = List.copyOf(nodes);
        calls = List.copyOf(calls);
    }
}
