package io.engram.inference.engine.natives;

import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Convolutions, dense layers and matrix products as products of rows by packed columns. */
final class Products {

    /** A padded copy may take this many times its image, and {@link #FREE_BYTES}; windows of huge padding may want more. */
    private static final int TIMES_IMAGE = 4;

    private static final long FREE_BYTES = 4L << 20;

    /** What a vector of columns may read behind the last bias. */
    private static final int BIAS_PADDING = 64;

    private Products() {}

    /** The left side: where rows are and how they are made up. */
    private record Rows(
            LongSupplier in, long[] offsets, long length, long rows, long width, long rowStride, long columnStride) {}

    /**
     * The right side and the end: weights {@code [columns][offsets][length]} of the constant at an index.
     *
     * @param first first column in the constant and in the result
     */
    private record Columns(int first, int columns, int zeroPoint, OutputRange output) {}

    static boolean conv2d(Scope scope, Conv2d conv) {
        Shape image = scope.operand(0).shape();
        Shape kernel = scope.operand(1).shape();
        Shape result = scope.result().shape();
        Window window = conv.window();
        long element = scope.kernels.stagedBytes(scope.tier);
        long height = image.dimension(1);
        long width = image.dimension(2);
        long channels = image.dimension(3);
        long neededHeight =
                reach(result.dimension(1), window.strideHeight(), kernel.dimension(1), window.dilationHeight());
        long neededWidth =
                reach(result.dimension(2), window.strideWidth(), kernel.dimension(2), window.dilationWidth());
        boolean direct = element == 1
                && window.padTop() == 0
                && window.padLeft() == 0
                && neededHeight <= height
                && neededWidth <= width;
        long stagedBytes = neededHeight * neededWidth * channels * element;
        if (!direct && stagedBytes > TIMES_IMAGE * element * scope.operand(0).bytes() + FREE_BYTES) {
            return false;
        }
        LongSupplier source = scope.place(0);
        long rowCells = width;
        if (!direct) {
            LongSupplier in = source;
            source = scope.temporary(stagedBytes)::offset;
            LongSupplier staged = source;
            rowCells = neededWidth;
            scope.add(
                    Kind.STAGE,
                    stagedBytes,
                    () -> new Fields()
                            .add(in.getAsLong(), staged.getAsLong(), height, width, channels)
                            .add(window.padTop(), window.padLeft(), neededHeight, neededWidth, conv.inputZeroPoint()));
        }
        int depth = kernel.dimension(3);
        boolean joined = window.dilationWidth() == 1 && depth == channels;
        long line = rowCells * channels * element;
        long[] offsets = joined
                ? offsets(kernel.dimension(1), 1, window.dilationHeight() * line, 0)
                : offsets(
                        kernel.dimension(1),
                        kernel.dimension(2),
                        window.dilationHeight() * line,
                        window.dilationWidth() * channels * element);
        long length = joined ? (long) kernel.dimension(2) * depth : depth;
        int perGroup = kernel.dimension(0) / conv.groups();
        for (int group = 0; group < conv.groups(); group++) {
            LongSupplier from = source;
            long skipped = group * (long) depth * element;
            Rows rows = new Rows(
                    () -> from.getAsLong() + skipped,
                    offsets,
                    length,
                    (long) result.dimension(1) * result.dimension(2),
                    result.dimension(2),
                    window.strideHeight() * line,
                    window.strideWidth() * channels * element);
            weighted(scope, rows, new Columns(group * perGroup, perGroup, conv.inputZeroPoint(), conv.output()));
        }
        return true;
    }

    static boolean dense(Scope scope, Dense dense) {
        int inner = scope.operand(0).shape().last();
        long rows = scope.operand(0).shape().elements() / inner;
        LongSupplier in = staged(scope, 0, rows, inner, dense.inputZeroPoint());
        long bytes = inner * scope.kernels.stagedBytes(scope.tier);
        weighted(
                scope,
                new Rows(in, new long[] {0}, inner, rows, 1, bytes, 0),
                new Columns(0, scope.result().shape().last(), dense.inputZeroPoint(), dense.output()));
        return true;
    }

    /** An operand as rows that products can read: itself or a copy. */
    private static LongSupplier staged(Scope scope, int operand, long rows, long inner, int zeroPoint) {
        LongSupplier in = scope.place(operand);
        long element = scope.kernels.stagedBytes(scope.tier);
        if (element == 1) {
            return in;
        }
        LongSupplier staged = scope.temporary(rows * inner * element)::offset;
        scope.add(
                Kind.STAGE,
                rows * inner,
                () -> new Fields()
                        .add(in.getAsLong(), staged.getAsLong(), rows, 1, inner)
                        .add(0, 0, rows, 1, zeroPoint));
        return staged;
    }

    private static void weighted(Scope scope, Rows rows, Columns columns) {
        Tensor weights = scope.operand(1).constant().orElseThrow();
        int count = columns.columns;
        int first = columns.first;
        int terms = weights.shape().elements() / weights.shape().dimension(0);
        byte[] own = Arrays.copyOfRange(weights.data(), first * terms, (first + count) * terms);
        int[] bias =
                Arrays.copyOfRange(scope.operand(2).constant().orElseThrow().toArray(), first, first + count);
        if (scope.kernels.stagedBytes(scope.tier) == 1) {
            for (int column = 0; column < count; column++) {
                int sum = 0;
                for (int i = column * terms; i < (column + 1) * terms; i++) {
                    sum += own[i];
                }
                // Rows hold x + 128, so zx + 128 comes off each term. Modulo 2^32, like the sums themselves.
                bias[column] -= (columns.zeroPoint + 128) * sum;
            }
        }
        long segments = rows.offsets.length;
        long packed =
                scope.constants.add(scope.kernels.productBytes(scope.tier, count, segments, rows.length), target -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, own);
                        scope.kernels.packProduct(scope.tier, from, count, segments, rows.length, target);
                    }
                });
        int[] multipliers = scope.operand(3).constant().orElseThrow().toArray();
        int[] shifts = scope.operand(4).constant().orElseThrow().toArray();
        long finish = finish(
                scope,
                Arrays.copyOfRange(multipliers, first, first + count),
                Arrays.copyOfRange(shifts, first, first + count),
                columns.output);
        long starts = scope.constants.addInts(Arrays.copyOf(bias, bias.length + BIAS_PADDING));
        long offsets = scope.constants.addLongs(rows.offsets);
        LongSupplier out = scope.resultPlace();
        long element = columns.output.type().bytes();
        long stride = scope.result().shape().last();
        scope.add(
                Kind.GEMM,
                rows.rows * count * terms,
                () -> new Fields()
                        .add(rows.in.getAsLong(), out.getAsLong() + first * element)
                        .add(packed, starts, finish, offsets, 0, 0)
                        .add(segments, words(scope, rows.length), rows.rows)
                        .add(rows.width, rows.rowStride, rows.columnStride, count, stride)
                        .add(1, 0, 0, 0, 0, 0)
                        .range(columns.output));
    }

    static boolean matMul(Scope scope, MatMul matMul) {
        Shape result = scope.result().shape();
        int rank = result.rank();
        long rows = result.dimension(rank - 2);
        int columns = result.last();
        long inner = scope.operand(0).shape().last();
        long count = result.elements() / (rows * columns);
        long element = scope.kernels.stagedBytes(scope.tier);
        LongSupplier a = staged(scope, 0, count * rows, inner, matMul.zeroPointA());
        LongSupplier b = scope.place(1);
        long packedBytes = Constants.align(scope.kernels.productBytes(scope.tier, columns, 1, inner));
        long biasBytes = Constants.align((columns + BIAS_PADDING) * 4L);
        LongSupplier packed = scope.temporary(count * packedBytes)::offset;
        LongSupplier bias = scope.temporary(count * biasBytes)::offset;
        scope.add(
                Kind.PACK,
                count * columns * inner * 4,
                () -> new Fields()
                        .add(b.getAsLong(), packed.getAsLong(), bias.getAsLong(), columns, inner)
                        .add(matMul.transposed() ? inner : 1, matMul.transposed() ? 1 : columns)
                        .add(matMul.zeroPointA(), matMul.zeroPointB())
                        .add(count, inner * columns, packedBytes, biasBytes));
        boolean termed = element == 1 && matMul.zeroPointB() != 0;
        LongSupplier terms = termed ? scope.temporary(count * rows * 4)::offset : () -> 0;
        if (termed) {
            scope.add(
                    Kind.ROW_TERMS,
                    count * rows * inner,
                    () -> new Fields()
                            .add(a.getAsLong(), terms.getAsLong(), count * rows, inner, -matMul.zeroPointB()));
        }
        int[] multipliers = new int[columns];
        int[] shifts = new int[columns];
        Arrays.fill(multipliers, matMul.rescale().multiplier());
        Arrays.fill(shifts, matMul.rescale().shift());
        long finish = finish(scope, multipliers, shifts, matMul.output());
        long offsets = scope.constants.addLongs(0);
        LongSupplier out = scope.resultPlace();
        long outElement = matMul.output().type().bytes();
        scope.add(
                Kind.GEMM,
                count * rows * columns * inner,
                () -> new Fields()
                        .add(a.getAsLong(), out.getAsLong(), packed.getAsLong(), bias.getAsLong())
                        .add(finish, offsets, terms.getAsLong(), termed ? 1 : 0)
                        .add(1, words(scope, inner), rows, 1, inner * element, 0, columns, columns)
                        .add(count, rows * inner * element, packedBytes, biasBytes)
                        .add(rows * 4, rows * columns * outElement)
                        .range(matMul.output()));
        return true;
    }

    private static long finish(Scope scope, int[] multipliers, int[] shifts, OutputRange output) {
        int count = multipliers.length;
        return scope.constants.add(scope.kernels.finishBytes(scope.tier, count), target -> {
            try (Arena arena = Arena.ofConfined()) {
                Rescaling rescaling = Rescaling.of(arena, new int[count], multipliers, shifts);
                scope.kernels.packFinish(scope.tier, count, rescaling, output.zeroPoint(), target);
            }
        });
    }

    /** 32-bit groups of a run of terms. */
    static long words(Scope scope, long length) {
        return Math.ceilDiv(length * scope.kernels.stagedBytes(scope.tier), 4);
    }

    private static long[] offsets(int rows, int cells, long rowStep, long cellStep) {
        long[] offsets = new long[rows * cells];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i / cells * rowStep + i % cells * cellStep;
        }
        return offsets;
    }

    /** Rows or columns of an image that the windows of all results cover. */
    private static long reach(long results, long stride, long kernel, long dilation) {
        return (results - 1) * stride + (kernel - 1) * dilation + 1;
    }
}
