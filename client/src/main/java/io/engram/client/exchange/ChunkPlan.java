package io.engram.client.exchange;

import io.engram.p2p.mdl.MdlLimits;
import java.util.BitSet;
import java.util.Optional;

/** Which chunks of a file are here, asked for, or neither. Thread-safe. */
final class ChunkPlan {

    private final int size;
    private final BitSet present;
    private final BitSet asked = new BitSet();

    /** @param present those that are here from the start */
    ChunkPlan(int size, BitSet present) {
        this.size = size;
        this.present = (BitSet) present.clone();
    }

    /** Chunks that follow one another. */
    record Run(int first, int count) {}

    /** Takes the next chunks that nobody has been asked for; empty when there are none at present. */
    synchronized Optional<Run> take() {
        int first = 0;
        while (first < size && (present.get(first) || asked.get(first))) {
            first = Math.max(
                    present.get(first) ? present.nextClearBit(first) : first,
                    asked.get(first) ? asked.nextClearBit(first) : first);
        }
        if (first >= size) {
            return Optional.empty();
        }
        int end = first;
        while (end < size && end - first < MdlLimits.CHUNKS && !present.get(end) && !asked.get(end)) {
            end++;
        }
        asked.set(first, end);
        return Optional.of(new Run(first, end - first));
    }

    /** Those of a run that did not come are free again. */
    synchronized void giveBack(Run run) {
        asked.clear(run.first(), run.first() + run.count());
    }

    synchronized void arrived(int first, int count) {
        present.set(first, first + count);
    }

    synchronized int arrived() {
        return present.cardinality();
    }

    synchronized boolean isComplete() {
        return present.cardinality() == size;
    }
}
