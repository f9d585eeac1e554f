package io.engram.inference.engine.cuda;

import io.engram.inference.engine.UnsupportedModelException;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** What does not change from run to run, in the order in which it was added. */
final class Constants {

    private record Entry(long offset, MemorySegment bytes) {}

    private final List<Entry> entries = new ArrayList<>();
    private long size;

    /** @return the place as records name it */
    int add(byte[] bytes) {
        return add(MemorySegment.ofArray(bytes));
    }

    int add(int[] values) {
        return add(MemorySegment.ofArray(values));
    }

    /** The elements in the machine's order. */
    int add(Tensor tensor) {
        byte[] bytes = new byte[tensor.byteLength()];
        Elements.copyIn(tensor, MemorySegment.ofArray(bytes));
        return add(bytes);
    }

    private int add(MemorySegment bytes) {
        long offset = size;
        if (offset / Places.UNIT > Integer.MAX_VALUE) {
            throw new UnsupportedModelException("more constants than kernels can address");
        }
        entries.add(new Entry(offset, bytes));
        size = Places.align(offset + bytes.byteSize());
        return ~(int) (offset / Places.UNIT);
    }

    long bytes() {
        return Math.max(size, Places.ALIGNMENT);
    }

    MemorySegment write(Arena arena) {
        MemorySegment segment = arena.allocate(bytes(), ValueLayout.JAVA_LONG.byteSize());
        for (Entry entry : entries) {
            segment.asSlice(entry.offset, entry.bytes.byteSize()).copyFrom(entry.bytes);
        }
        return segment;
    }
}
