package io.engram.inference.engine.natives;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Offsets for buffers that live for some of the nodes, so that no two that live together overlap. */
final class MemoryPlan {

    /** A buffer from the start of node {@code first} to the end of node {@code last}. */
    static final class Buffer {
        private final long bytes;
        private final int first;
        private int last;
        private long offset = -1;
        private int hashedBefore;

        private Buffer(long bytes, int first, int last) {
            this.bytes = bytes;
            this.first = first;
            this.last = last;
        }

        /** Only once the plan is made. */
        long offset() {
            return offset;
        }

        int first() {
            return first;
        }

        /** The step before which all hash steps must be done before this memory is written again. */
        int hashedBefore() {
            return hashedBefore;
        }

        void hashedBefore(int step) {
            hashedBefore = Math.max(hashedBefore, step);
        }

        void liveUntil(int node) {
            last = Math.max(last, node);
        }

        private long end() {
            return offset + bytes;
        }

        boolean overlaps(Buffer other) {
            return offset < other.end() && other.offset < end();
        }
    }

    private final List<Buffer> buffers = new ArrayList<>();
    private final int lag;
    private long size;

    /**
     * @param start bytes before the first buffer
     * @param lag nodes that a buffer stays untouched after its last use
     */
    MemoryPlan(long start, int lag) {
        this.size = Constants.align(start);
        this.lag = lag;
    }

    Buffer add(long bytes, int first, int last) {
        Buffer buffer = new Buffer(Constants.align(Math.addExact(bytes, Constants.SLACK)), first, last);
        buffers.add(buffer);
        return buffer;
    }

    List<Buffer> buffers() {
        return buffers;
    }

    /** Large buffers first, each at the lowest offset where it fits. */
    void place() {
        long start = size;
        List<Buffer> placed = new ArrayList<>();
        List<Buffer> order = new ArrayList<>(buffers);
        order.sort(Comparator.comparingLong((Buffer buffer) -> -buffer.bytes));
        for (Buffer buffer : order) {
            long offset = start;
            // Sorted by offset, so one pass finds the first gap.
            for (Buffer other : placed) {
                boolean together = buffer.first <= until(other) && other.first <= until(buffer);
                if (together && other.offset < offset + buffer.bytes && offset < other.end()) {
                    offset = other.end();
                }
            }
            buffer.offset = offset;
            size = Math.max(size, buffer.end());
            int at = 0;
            while (at < placed.size() && placed.get(at).offset <= offset) {
                at++;
            }
            placed.add(at, buffer);
        }
    }

    private int until(Buffer buffer) {
        return (int) Math.min(Integer.MAX_VALUE, (long) buffer.last + lag);
    }

    long bytes() {
        return size;
    }
}
