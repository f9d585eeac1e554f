package io.engram.inference.engine.natives;

import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongSupplier;

/** Operators over the last axis. */
final class Rows {

    private static final int WORK = 16;

    private Rows() {}

    static boolean softmax(Scope scope, Softmax softmax) {
        Value value = scope.operand(0);
        Tensor table = scope.operand(1).constant().orElseThrow();
        int[] entries = table.toArray();
        long stored = scope.constants.add(
                4L * entries.length,
                target -> MemorySegment.copy(entries, 0, target, ValueLayout.JAVA_INT, 0, entries.length));
        long columns = value.shape().last();
        long elements = value.shape().elements();
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.SOFTMAX,
                WORK * elements,
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), stored, elements / columns, columns, softmax.numerator())
                        .range(softmax.output()));
        return true;
    }

    static boolean argMax(Scope scope) {
        Value value = scope.operand(0);
        long columns = value.shape().last();
        long elements = value.shape().elements();
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.ARGMAX,
                WORK * elements,
                () -> new Fields()
                        .add(
                                in.getAsLong(),
                                out.getAsLong(),
                                elements / columns,
                                columns,
                                value.type().bytes()));
        return true;
    }
}
