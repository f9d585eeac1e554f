package io.engram.inference.engine.natives;

import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Gather;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Transpose;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.function.LongSupplier;

/** Operators that move elements. */
final class Layouts {

    private static final int MOVE = 4;
    private static final int SCALAR = 16;

    private Layouts() {}

    static boolean concatenate(Scope scope, Concatenate concatenate) {
        Shape result = scope.result().shape();
        int axis = concatenate.axis();
        int outer = 1;
        for (int i = 0; i < axis; i++) {
            outer *= result.dimension(i);
        }
        int total = result.elements() / outer;
        LongSupplier out = scope.resultPlace();
        int start = 0;
        for (int i = 0; i < concatenate.operands().size(); i++) {
            int inner = scope.operand(i).shape().elements() / outer;
            join(
                    scope,
                    i,
                    concatenate.operands().get(i),
                    concatenate.output(),
                    out,
                    new int[] {outer, inner},
                    total,
                    start);
            start += inner;
        }
        return true;
    }

    private static void join(
            Scope scope,
            int operand,
            Scaled scaled,
            OutputRange range,
            LongSupplier out,
            int[] dimensions,
            int total,
            long start) {
        Value value = scope.operand(operand);
        LongSupplier in = scope.place(operand);
        int inner = dimensions[1];
        int[] from = {inner, 1};
        int[] to = {total, 1};
        long skipped = start * range.type().bytes();
        long elements = (long) dimensions[0] * inner;
        boolean same = value.type() == TensorType.INT8
                && range.type() == TensorType.INT8
                && ByteTable.of(x -> Rescaled.of(x - scaled.zeroPoint(), scaled.rescale(), range))
                        .isIdentity();
        if (same) {
            scope.add(
                    Kind.COPY,
                    MOVE * elements,
                    () -> new Fields()
                            .add(in.getAsLong(), out.getAsLong() + skipped, 1)
                            .axes(dimensions, 1)
                            .axes(from, 0)
                            .axes(to, 0));
            return;
        }
        long bytes = value.type().bytes();
        scope.add(
                Kind.ELEMENTWISE,
                SCALAR * elements,
                () -> new Fields()
                        .add(
                                in.getAsLong(),
                                in.getAsLong(),
                                out.getAsLong() + skipped,
                                Elements.Function.RESCALE.code())
                        .add(bytes, bytes)
                        .axes(dimensions, 1)
                        .axes(from, 0)
                        .axes(from, 0)
                        .axes(to, 0)
                        .add(scaled.zeroPoint(), scaled.rescale().multiplier(), 0, 0)
                        .add(scaled.rescale().shift())
                        .range(range));
    }

    static boolean transpose(Scope scope, Transpose transpose) {
        Shape from = scope.operand(0).shape();
        Shape result = scope.result().shape();
        int[] natural = Elements.steps(from, from);
        int[] moved = new int[natural.length];
        for (int axis = 0; axis < moved.length; axis++) {
            moved[axis] = natural[transpose.permutation().get(axis)];
        }
        copy(scope, result.toArray(), moved, Elements.steps(result, result), 0);
        return true;
    }

    static boolean pad(Scope scope, Pad pad) {
        Shape from = scope.operand(0).shape();
        Shape result = scope.result().shape();
        TensorType type = scope.result().type();
        int[] to = Elements.steps(result, result);
        long start = 0;
        for (int axis = 0; axis < to.length; axis++) {
            start += (long) pad.before().get(axis) * to[axis];
        }
        LongSupplier out = scope.resultPlace();
        long pattern = pattern(type, pad.value());
        scope.add(
                Kind.FILL,
                result.elements(),
                () -> new Fields().add(out.getAsLong(), type.bytes(), result.elements(), pattern));
        copy(scope, from.toArray(), Elements.steps(from, from), to, start);
        return true;
    }

    static boolean slice(Scope scope, Slice slice) {
        Shape from = scope.operand(0).shape();
        Shape result = scope.result().shape();
        int[] steps = Elements.steps(from, from);
        long skipped = (long) slice.start()
                * steps[slice.axis()]
                * scope.result().type().bytes();
        steps[slice.axis()] *= slice.step();
        LongSupplier in = scope.place(0);
        copy(
                scope,
                () -> in.getAsLong() + skipped,
                result.toArray(),
                steps,
                Elements.steps(result, result),
                scope.resultPlace());
        return true;
    }

    static boolean gather(Scope scope, Gather gather) {
        Shape values = scope.operand(0).shape();
        Value indices = scope.operand(1);
        long picks = indices.shape().elements();
        long size = values.dimension(gather.axis());
        long inner = 1;
        for (int axis = gather.axis() + 1; axis < values.rank(); axis++) {
            inner *= values.dimension(axis);
        }
        long run = inner;
        long outer = values.elements() / (size * run);
        LongSupplier in = scope.place(0);
        LongSupplier picked = scope.place(1);
        LongSupplier out = scope.resultPlace();
        long bytes = scope.result().type().bytes();
        scope.add(
                Kind.GATHER,
                MOVE * (long) scope.result().shape().elements(),
                () -> new Fields()
                        .add(in.getAsLong(), picked.getAsLong(), out.getAsLong(), bytes)
                        .add(indices.type().bytes(), outer, size, run, picks));
        return true;
    }

    /** An element as it is kept, its first byte lowest. */
    private static long pattern(TensorType type, int value) {
        return switch (type) {
            case INT8 -> (value + 128) & 0xff;
            case INT16 -> Short.toUnsignedLong(Short.reverseBytes((short) value));
            case INT32 -> Integer.toUnsignedLong(Integer.reverseBytes(value));
        };
    }

    private static void copy(Scope scope, int[] dimensions, int[] from, int[] to, long start) {
        LongSupplier out = scope.resultPlace();
        long skipped = start * scope.result().type().bytes();
        copy(scope, scope.place(0), dimensions, from, to, () -> out.getAsLong() + skipped);
    }

    private static void copy(Scope scope, LongSupplier in, int[] dimensions, int[] from, int[] to, LongSupplier out) {
        long bytes = scope.result().type().bytes();
        scope.add(
                Kind.COPY,
                MOVE * (long) scope.result().shape().elements(),
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), bytes)
                        .axes(dimensions, 1)
                        .axes(from, 0)
                        .axes(to, 0));
    }

    /** A number of equal lines to cut elements into, so that they can be split. */
    static int lines(int elements) {
        int lines = 1;
        while (lines < 64 && elements % (2 * lines) == 0) {
            lines *= 2;
        }
        return lines;
    }
}
