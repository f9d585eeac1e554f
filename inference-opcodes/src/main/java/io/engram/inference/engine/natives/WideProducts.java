package io.engram.inference.engine.natives;

import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Products of int16 values: planes of bytes by parts of bytes, each with sums of 32 bits, totalled in 64. The library
 * says what planes and parts are (struct split in engram.h).
 */
final class WideProducts {

    /** Up to so many terms a plane by a part fits 32 bits: 255·128·2^16 < 2^31. */
    private static final int MAX_TERMS = 1 << 16;

    /** What a plane holds more than the value, by the value's bytes. */
    private static final long[] PLANE_OFFSET = {0, 1 << 7, 1 << 15};

    private static final long PART_OFFSET = 1 << 7;
    private static final int QUANTISE = 4;

    private WideProducts() {}

    /**
     * The left side.
     *
     * @param step bytes from plane to plane
     * @param scales of rows, where they have one
     * @param terms of rows, where they have one
     */
    private record Left(LongSupplier in, int planes, long step, long rows, long inner, Buffers scales, Buffers terms) {}

    /** Memory that a step may have. */
    private record Buffers(boolean present, LongSupplier place) {

        static final Buffers NONE = new Buffers(false, () -> 0);

        long flag() {
            return present ? 1 : 0;
        }
    }

    /** The right side; places and bytes from product to product. */
    private record Right(
            LongSupplier weights,
            int parts,
            long partStep,
            long step,
            LongSupplier columnTerms,
            long columnStep,
            long columns) {}

    /** The end: places of int64 vectors. */
    private record End(long bias, long multipliers, long shifts, OutputRange output) {}

    static boolean dynamicDense(Scope scope, DynamicDense dense) {
        Value x = scope.operand(0);
        long inner = x.shape().last();
        if (inner > MAX_TERMS) {
            return false;
        }
        long rows = x.shape().elements() / inner;
        LongSupplier in = scope.place(0);
        LongSupplier plane = scope.temporary(rows * inner * scope.kernels.stagedBytes(scope.tier))::offset;
        LongSupplier scales = scope.temporary(rows * Long.BYTES)::offset;
        scope.add(
                Kind.QUANTISE_ROWS,
                QUANTISE * rows * inner,
                () -> new Fields().add(in.getAsLong(), plane.getAsLong(), scales.getAsLong(), rows, inner));
        Left left = new Left(plane, 1, 0, rows, inner, new Buffers(true, scales), Buffers.NONE);
        weighted(scope, left, PLANE_OFFSET[1], dense.biasShift(), dense.output());
        return true;
    }

    static boolean dense(Scope scope, WideDense dense) {
        Value x = scope.operand(0);
        long inner = x.shape().last();
        if (inner > MAX_TERMS) {
            return false;
        }
        Left left = split(scope, x.shape().elements() / inner, 0);
        weighted(scope, left, PLANE_OFFSET[2], dense.biasShift(), dense.output());
        return true;
    }

    /** The left operand as planes, with {@code factor} times the sum of each row where that is not 0. */
    private static Left split(Scope scope, long rows, long factor) {
        Value x = scope.operand(0);
        int bytes = x.type().bytes();
        long inner = x.shape().last();
        LongSupplier in = scope.place(0);
        long step = Constants.align(rows * inner * scope.kernels.stagedBytes(scope.tier) + Constants.SLACK);
        LongSupplier planes = scope.temporary(bytes * step)::offset;
        Buffers terms = factor == 0 ? Buffers.NONE : new Buffers(true, scope.temporary(rows * Long.BYTES)::offset);
        scope.add(
                Kind.SPLIT,
                rows * inner,
                () -> new Fields()
                        .add(in.getAsLong(), planes.getAsLong(), terms.place.getAsLong(), rows, inner)
                        .add(bytes, step, terms.flag(), factor));
        return new Left(planes, bytes, step, rows, inner, Buffers.NONE, terms);
    }

    private static void weighted(Scope scope, Left left, long planeOffset, int biasShift, OutputRange output) {
        Tensor weights = scope.operand(1).constant().orElseThrow();
        int units = weights.shape().dimension(0);
        int inner = weights.shape().last();
        byte[] w = weights.data();
        long packed = scope.constants.add(scope.kernels.productBytes(scope.tier, units, 1, inner), target -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, w);
                scope.kernels.packProduct(scope.tier, from, units, 1, inner, target);
            }
        });
        long[] columnTerms = new long[units];
        for (int i = 0; i < w.length; i++) {
            columnTerms[i / inner] -= planeOffset * w[i];
        }
        long[] bias = longs(scope, 2);
        for (int unit = 0; unit < units; unit++) {
            bias[unit] <<= biasShift;
        }
        long terms = scope.constants.addLongs(columnTerms);
        End end = new End(
                scope.constants.addLongs(bias),
                scope.constants.addLongs(longs(scope, 3)),
                scope.constants.addLongs(longs(scope, 4)),
                output);
        multiply(scope, 1, left, new Right(() -> packed, 1, 0, 0, () -> terms, 0, units), end);
    }

    private static long[] longs(Scope scope, int operand) {
        int[] values = scope.operand(operand).constant().orElseThrow().toArray();
        return Arrays.stream(values).asLongStream().toArray();
    }

    static boolean matMul(Scope scope, WideMatMul matMul) {
        Value a = scope.operand(0);
        Value b = scope.operand(1);
        Shape result = scope.result().shape();
        long rows = result.dimension(result.rank() - 2);
        int columns = result.last();
        long inner = a.shape().last();
        if (inner > MAX_TERMS) {
            return false;
        }
        long count = result.elements() / (rows * columns);
        int parts = b.type().bytes();
        // Σ (A − α)(B − β) with A and B as planes and parts hold them.
        long alpha = matMul.zeroPointA() + PLANE_OFFSET[a.type().bytes()];
        long beta = matMul.zeroPointB() - (b.type() == TensorType.INT16 ? PART_OFFSET : 0);
        Left left = split(scope, count * rows, -beta);
        long partStep = Constants.align(scope.kernels.productBytes(scope.tier, columns, 1, inner));
        long columnStep = (long) columns * Long.BYTES;
        LongSupplier in = scope.place(1);
        LongSupplier packed = scope.temporary(count * parts * partStep)::offset;
        LongSupplier columnTerms = scope.temporary(count * columnStep)::offset;
        scope.add(
                Kind.PACK_PARTS,
                QUANTISE * count * columns * inner,
                () -> new Fields()
                        .add(in.getAsLong(), packed.getAsLong(), columnTerms.getAsLong(), columns, inner, parts)
                        .add(matMul.transposed() ? inner : 1, matMul.transposed() ? 1 : columns)
                        .add(-alpha, inner * alpha * beta)
                        .add(partStep, count, inner * columns * parts, parts * partStep, columnStep));
        long[] bias = new long[columns];
        long[] multipliers = new long[columns];
        long[] shifts = new long[columns];
        Arrays.fill(multipliers, matMul.rescale().multiplier());
        Arrays.fill(shifts, matMul.rescale().shift());
        End end = new End(
                scope.constants.addLongs(bias),
                scope.constants.addLongs(multipliers),
                scope.constants.addLongs(shifts),
                matMul.output());
        Right right = new Right(packed, parts, partStep, parts * partStep, columnTerms, columnStep, columns);
        multiply(scope, count, left, right, end);
        return true;
    }

    /** @param count independent products, whose rows follow each other */
    private static void multiply(Scope scope, long count, Left left, Right right, End end) {
        long rows = left.rows / count;
        long rowStride = left.inner * scope.kernels.stagedBytes(scope.tier);
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.WIDE_GEMM,
                left.rows * right.columns * left.inner * left.planes * right.parts,
                () -> new Fields()
                        .add(left.in.getAsLong(), out.getAsLong(), right.weights.getAsLong())
                        .add(right.columnTerms.getAsLong(), end.bias, end.multipliers, end.shifts)
                        .add(left.terms.place.getAsLong(), left.scales.place.getAsLong())
                        .add(left.terms.flag(), left.scales.flag())
                        .add(rows, Products.words(scope, left.inner), right.columns, left.planes, right.parts)
                        .add(left.step, right.partStep, rowStride)
                        .add(count, rows * rowStride, right.step, right.columnStep)
                        .add(
                                rows * Long.BYTES,
                                rows * right.columns * end.output.type().bytes())
                        .range(end.output));
    }
}
