package io.engram.inference.engine.natives;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Native steps in order, as the records that the library reads. */
final class StepList {

    private static final int WORDS = 48;

    /** Bytes of a record: kind, whether it may be split, what to wait for, and fields. */
    static final long STEP_BYTES = WORDS * 8L;

    private static final int WAIT = 2;
    private static final int FIELDS = 3;

    private record Step(Kind kind, boolean divisible, Supplier<Fields> fields) {}

    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> waits = new ArrayList<>();

    /**
     * @param divisible whether it is worth splitting over threads
     * @param fields asked for once the places of all buffers are known
     */
    void add(Kind kind, boolean divisible, Supplier<Fields> fields) {
        steps.add(new Step(kind, divisible, fields));
        waits.add(0);
    }

    /** A step that only waits and says that it was reached. */
    void addNothing() {
        add(Kind.NOTHING, false, Fields::new);
    }

    int size() {
        return steps.size();
    }

    boolean isHash(int step) {
        Kind kind = steps.get(step).kind;
        return kind == Kind.HASH_LEAVES || kind == Kind.HASH_TOP;
    }

    /** When another thread hashes, this step waits until it is past all hash steps before {@code end}. */
    void waitFor(int step, int end) {
        waits.set(step, Math.max(waits.get(step), end));
    }

    long bytes() {
        return Math.max(1, steps.size()) * STEP_BYTES;
    }

    void write(MemorySegment target) {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            long[] words = new long[WORDS];
            words[0] = step.kind.code();
            words[1] = step.divisible ? 1 : 0;
            words[WAIT] = waits.get(i);
            long[] fields = step.fields.get().toArray();
            System.arraycopy(fields, 0, words, FIELDS, fields.length);
            MemorySegment.copy(words, 0, target, ValueLayout.JAVA_LONG, i * STEP_BYTES, WORDS);
        }
    }
}
