package io.engram.inference.engine.natives;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What does not change from run to run, laid out first and filled when its size is known. */
final class Constants {

    static final long ALIGNMENT = 64;

    /** Bytes behind everything that vectors may read. */
    static final long SLACK = 64;

    private record Entry(long offset, long bytes, Consumer<MemorySegment> writer) {}

    private final List<Entry> entries = new ArrayList<>();
    private long size;

    /** @return the place as steps name it */
    long add(long bytes, Consumer<MemorySegment> writer) {
        long offset = size;
        entries.add(new Entry(offset, bytes, writer));
        size = align(Math.addExact(offset, Math.addExact(bytes, SLACK)));
        return ~offset;
    }

    long addInts(int... values) {
        return add(
                4L * values.length,
                target -> MemorySegment.copy(values, 0, target, ValueLayout.JAVA_INT, 0, values.length));
    }

    long addLongs(long... values) {
        return add(
                8L * values.length,
                target -> MemorySegment.copy(values, 0, target, ValueLayout.JAVA_LONG, 0, values.length));
    }

    static long align(long offset) {
        return (offset + ALIGNMENT - 1) & -ALIGNMENT;
    }

    long bytes() {
        return Math.max(size, ALIGNMENT);
    }

    MemorySegment write(Arena arena) {
        MemorySegment segment = arena.allocate(bytes(), ALIGNMENT);
        for (Entry entry : entries) {
            entry.writer.accept(segment.asSlice(entry.offset, entry.bytes));
        }
        return segment;
    }
}
