package io.engram.inference.engine.natives;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bias, multiplier and shift of each channel as the library takes them: int32 vectors of equal length. */
record Rescaling(MemorySegment bias, MemorySegment multipliers, MemorySegment shifts) {

    static Rescaling of(Arena arena, int[] bias, int[] multipliers, int[] shifts) {
        return new Rescaling(ints(arena, bias), ints(arena, multipliers), ints(arena, shifts));
    }

    private static MemorySegment ints(Arena arena, int[] values) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, values);
    }
}
