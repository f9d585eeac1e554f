package io.engram.inference.engine.cuda;

import io.engram.inference.operator.Conv2d;
import io.engram.inference.operator.Dense;
import io.engram.inference.operator.DynamicDense;
import io.engram.inference.operator.MatMul;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.WideDense;
import io.engram.inference.operator.WideMatMul;
import io.engram.inference.operator.Window;
import io.engram.inference.tensor.Shape;

/** Dense layers, matrix products and convolutions (gemm.cuh, wide.cuh). */
final class Products {

    private static final int WORD = 4;

    /** What is added to a sum, by the kernels' numbers. */
    private enum Terms {
        NONE(0),
        ADDED(1),
        FACTOR(2);

        private final int code;

        Terms(int code) {
            this.code = code;
        }
    }

    /** Up to so many rows a warp for each element does better than tiles. */
    private static final int FEW_ROWS = 8;

    private static final int LARGE_TILE = 64;
    private static final int SMALL_TILE = 32;

    /** Blocks for each multiprocessor from which on large tiles do better. */
    private static final int ENOUGH_BLOCKS = 2;

    private Products() {}

    /** The left side of products: rows of taps in an image. */
    private record Left(
            int place,
            int height,
            int width,
            int channels,
            int outWidth,
            int kernelCells,
            int kernelWidth,
            int tapBytes,
            Window window,
            int zeroPoint,
            int step) {

        /** Rows one behind the other. */
        static Left ofRows(int place, int rows, int length, int step) {
            return new Left(place, rows, 1, length, 1, 1, 1, length, Window.UNIT, 0, step);
        }

        int tapWords() {
            return Math.ceilDiv(tapBytes, WORD);
        }

        int words() {
            return kernelCells * tapWords();
        }

        boolean isAligned() {
            return channels % WORD == 0 && tapBytes % WORD == 0;
        }

        /** A word of padding. */
        int padding() {
            return (zeroPoint & 0xff) * 0x01010101;
        }
    }

    /** Places of what belongs to columns, and the steps from one of several products to the next. */
    private record Right(
            int weights,
            int start,
            int multipliers,
            int shifts,
            boolean perChannel,
            int weightsStep,
            int startStep,
            int finishStep) {}

    /** What belongs to rows: int32 values that are added or multiplied by. */
    private record RowTerms(Terms mode, int place, int step, int biasShift) {
        static final RowTerms NONE = new RowTerms(Terms.NONE, 0, 0, 0);
    }

    /** Several products of one size. */
    private record Size(int count, int rows, int columns, int outStride, int outStep) {}

    static void conv2d(Scope scope, Conv2d conv) {
        Shape image = scope.shape(0);
        Shape kernel = scope.shape(1);
        Shape result = scope.result().shape();
        int channels = kernel.dimension(0);
        int depth = kernel.dimension(3);
        int perGroup = channels / conv.groups();
        Left left = new Left(
                scope.place(0),
                image.dimension(1),
                image.dimension(2),
                image.dimension(3),
                result.dimension(2),
                kernel.dimension(1) * kernel.dimension(2),
                kernel.dimension(2),
                depth,
                conv.window(),
                conv.inputZeroPoint(),
                depth);
        Right right = weights(scope, left, channels, perGroup);
        Size size = new Size(conv.groups(), result.dimension(1) * result.dimension(2), perGroup, channels, perGroup);
        product(scope, left, right, RowTerms.NONE, size, conv.output());
    }

    static void dense(Scope scope, Dense dense) {
        int inner = scope.shape(0).last();
        int rows = scope.shape(0).elements() / inner;
        int columns = scope.result().shape().last();
        Left left = Left.ofRows(scope.place(0), rows, inner, 0);
        Right right = weights(scope, withZeroPoint(left, dense.inputZeroPoint()), columns, columns);
        product(scope, left, right, RowTerms.NONE, new Size(1, rows, columns, columns, 0), dense.output());
    }

    private static Left withZeroPoint(Left left, int zeroPoint) {
        return new Left(
                left.place,
                left.height,
                left.width,
                left.channels,
                left.outWidth,
                left.kernelCells,
                left.kernelWidth,
                left.tapBytes,
                left.window,
                zeroPoint,
                left.step);
    }

    /** Constant weights, every tap filled up to whole words, and what the zero point adds taken off the bias. */
    private static Right weights(Scope scope, Left left, int channels, int perGroup) {
        byte[] weights = scope.operand(1).constant().orElseThrow().data();
        int[] start = scope.constant(2);
        int tap = left.tapBytes;
        int paddedTap = left.tapWords() * WORD;
        byte[] packed = new byte[Math.multiplyExact(channels * left.kernelCells, paddedTap)];
        for (int i = 0; i < channels * left.kernelCells; i++) {
            System.arraycopy(weights, i * tap, packed, i * paddedTap, tap);
        }
        int perChannel = left.kernelCells * tap;
        for (int i = 0; i < weights.length; i++) {
            start[i / perChannel] -= left.zeroPoint * weights[i];
        }
        return new Right(
                scope.constants.add(packed),
                scope.constants.add(start),
                scope.constants.add(scope.constant(3)),
                scope.constants.add(scope.constant(4)),
                true,
                perGroup * left.words(),
                perGroup,
                perGroup);
    }

    static void dynamicDense(Scope scope, DynamicDense dense) {
        int inner = scope.shape(0).last();
        int rows = scope.shape(0).elements() / inner;
        int columns = scope.result().shape().last();
        int words = Math.ceilDiv(inner, WORD);
        int quantised = scope.arena.allocate((long) rows * words * WORD);
        int largest = scope.arena.allocate((long) rows * Integer.BYTES);
        scope.launchWarps(
                Kernel.QUANTISE_ROWS, rows, new Fields().add(scope.place(0), quantised, largest, rows, inner, words));
        Right right = weights(scope, Left.ofRows(0, rows, inner, 0), columns, columns);
        product(
                scope,
                Left.ofRows(quantised, rows, words * WORD, 0),
                right,
                new RowTerms(Terms.FACTOR, largest, 0, dense.biasShift()),
                new Size(1, rows, columns, columns, 0),
                dense.output());
    }

    static void matMul(Scope scope, MatMul matMul) {
        Shape a = scope.shape(0);
        Shape result = scope.result().shape();
        int inner = a.last();
        int rows = result.dimension(result.rank() - 2);
        int columns = result.last();
        int count = result.elements() / (rows * columns);
        int words = Math.ceilDiv(inner, WORD);
        int columnStride = matMul.transposed() ? inner : 1;
        int innerStride = matMul.transposed() ? 1 : columns;
        int packed = scope.place(1);
        if (!matMul.transposed() || inner % WORD != 0) {
            packed = scope.arena.allocate((long) count * columns * words * WORD);
            scope.launch(
                    Kernel.PACK,
                    (long) count * columns * words,
                    new Fields()
                            .add(scope.place(1), packed, columns, inner, words)
                            .add(columnStride, innerStride, count, inner * columns));
        }
        // Σ(a − za)(b − zb) = Σab − za·Σb + K·za·zb − zb·Σa
        int start = scope.arena.allocate((long) count * columns * Integer.BYTES);
        scope.launchWarps(
                Kernel.SUMS,
                (long) count * columns,
                new Fields()
                        .add(scope.place(1), start, columns, inner, columnStride, innerStride, count, inner * columns)
                        .add(-matMul.zeroPointA(), inner * matMul.zeroPointA() * matMul.zeroPointB()));
        RowTerms terms = RowTerms.NONE;
        if (matMul.zeroPointB() != 0) {
            int place = scope.arena.allocate((long) count * rows * Integer.BYTES);
            scope.launchWarps(
                    Kernel.SUMS,
                    (long) count * rows,
                    new Fields()
                            .add(scope.place(0), place, rows, inner, inner, 1, count, rows * inner)
                            .add(-matMul.zeroPointB(), 0));
            terms = new RowTerms(Terms.ADDED, place, rows, 0);
        }
        Rescaling rescaling = Rescaling.of(scope, matMul.rescale());
        product(
                scope,
                Left.ofRows(scope.place(0), rows, inner, rows * inner),
                new Right(packed, start, rescaling.multipliers, rescaling.shifts, false, columns * words, columns, 0),
                terms,
                new Size(count, rows, columns, columns, rows * columns),
                matMul.output());
    }

    /** One rescaling for all columns, in the form of one for each. */
    private record Rescaling(int multipliers, int shifts) {
        static Rescaling of(Scope scope, Rescale rescale) {
            return new Rescaling(
                    scope.constants.add(new int[] {rescale.multiplier()}),
                    scope.constants.add(new int[] {rescale.shift()}));
        }
    }

    private static void product(Scope scope, Left left, Right right, RowTerms terms, Size size, OutputRange output) {
        Fields fields = new Fields()
                .add(left.place, scope.resultPlace(), right.weights, right.start)
                .add(right.multipliers, right.shifts, terms.place)
                .add(terms.mode.code, terms.biasShift)
                .add(right.perChannel)
                .add(size.rows, size.columns, left.words())
                .add(left.height, left.width, left.channels, left.outWidth)
                .add(left.kernelWidth, left.tapBytes, left.tapWords())
                .window(left.window)
                .add(left.padding())
                .add(left.isAligned())
                .add(size.outStride, size.count)
                .add(left.step, right.weightsStep, right.startStep, right.finishStep, terms.step, size.outStep)
                .range(output);
        long elements = (long) size.count * size.rows * size.columns;
        boolean isRow = left.kernelCells == 1 && left.width == 1;
        if (isRow && size.rows <= FEW_ROWS) {
            scope.launchWarps(Kernel.GEMV, elements, fields);
        } else if (tiles(size, LARGE_TILE) >= (long) ENOUGH_BLOCKS * scope.multiprocessors) {
            scope.launchBlocks(Kernel.GEMM64, tiles(size, LARGE_TILE), fields);
        } else {
            scope.launchBlocks(Kernel.GEMM32, tiles(size, SMALL_TILE), fields);
        }
    }

    private static long tiles(Size size, int tile) {
        return (long) size.count * Math.ceilDiv(size.rows, tile) * Math.ceilDiv(size.columns, tile);
    }

    static void wideDense(Scope scope, WideDense dense) {
        int inner = scope.shape(0).last();
        int rows = scope.shape(0).elements() / inner;
        int columns = scope.result().shape().last();
        wide(
                scope,
                new Fields()
                        .add(scope.place(0), scope.place(1), scope.resultPlace())
                        .add(scope.constants.add(scope.constant(2)))
                        .add(scope.constants.add(scope.constant(3)), scope.constants.add(scope.constant(4)))
                        .add(Short.BYTES, Byte.BYTES, 0, 0, dense.biasShift())
                        .add(true)
                        .add(rows, columns, inner, inner, 1, 1, 0, 0)
                        .range(dense.output()),
                new Size(1, rows, columns, columns, 0));
    }

    static void wideMatMul(Scope scope, WideMatMul matMul) {
        Shape result = scope.result().shape();
        int inner = scope.shape(0).last();
        int rows = result.dimension(result.rank() - 2);
        int columns = result.last();
        int count = result.elements() / (rows * columns);
        Rescaling rescaling = Rescaling.of(scope, matMul.rescale());
        wide(
                scope,
                new Fields()
                        .add(scope.place(0), scope.place(1), scope.resultPlace(), 0)
                        .add(rescaling.multipliers, rescaling.shifts)
                        .add(
                                scope.operand(0).type().bytes(),
                                scope.operand(1).type().bytes())
                        .add(matMul.zeroPointA(), matMul.zeroPointB(), 0)
                        .add(false)
                        .add(rows, columns, inner)
                        .add(matMul.transposed() ? inner : 1, matMul.transposed() ? 1 : columns)
                        .add(count, rows * inner, inner * columns)
                        .range(matMul.output()),
                new Size(count, rows, columns, columns, 0));
    }

    private static void wide(Scope scope, Fields fields, Size size) {
        scope.launchBlocks(Kernel.WIDE, tiles(size, SMALL_TILE), fields);
    }
}
