package io.engram.inference.engine.cuda;

import io.engram.inference.operator.Add;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Scaled;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;

/** Operators that make each element from one element of each operand (elements.cuh). */
final class Pointwise {

    /** By the kernels' numbers. */
    private enum Binary {
        ADD(0),
        MULTIPLY(1);

        private final int code;

        Binary(int code) {
            this.code = code;
        }
    }

    private enum Unary {
        RESCALE(0),
        CLAMP(1),
        LOOKUP(2),
        INTERPOLATE(3);

        private final int code;

        Unary(int code) {
            this.code = code;
        }
    }

    private Pointwise() {}

    static void add(Scope scope, Add add) {
        binary(
                scope,
                Binary.ADD,
                add.output(),
                add.a().zeroPoint(),
                add.a().multiplier(),
                add.b().zeroPoint(),
                add.b().multiplier(),
                add.shift());
    }

    static void multiply(Scope scope, Multiply multiply) {
        binary(
                scope,
                Binary.MULTIPLY,
                multiply.output(),
                multiply.zeroPointA(),
                multiply.rescale().multiplier(),
                multiply.zeroPointB(),
                0,
                multiply.rescale().shift());
    }

    private static void binary(Scope scope, Binary function, OutputRange output, int... numbers) {
        Shape result = scope.result().shape();
        Shape a = scope.shape(0);
        Shape b = scope.shape(1);
        scope.launch(
                Kernel.BINARY,
                result.elements(),
                new Fields()
                        .add(scope.place(0), scope.place(1), scope.resultPlace(), function.code)
                        .add(
                                scope.operand(0).type().bytes(),
                                scope.operand(1).type().bytes(),
                                result.elements())
                        .add(a.equals(result) && b.equals(result))
                        .axes(result.toArray(), 1)
                        .axes(Layouts.broadcast(a, result), 0)
                        .axes(Layouts.broadcast(b, result), 0)
                        .add(numbers)
                        .range(output));
    }

    static void clamp(Scope scope, Clamp clamp) {
        OutputRange range = new OutputRange(scope.operand(0).type(), 0, clamp.lo(), clamp.hi());
        inPlace(scope, Unary.CLAMP, 0, 0, Rescale.IDENTITY, range);
    }

    static void requantise(Scope scope, Requantise requantise) {
        inPlace(scope, Unary.RESCALE, 0, requantise.inputZeroPoint(), requantise.rescale(), requantise.output());
    }

    static void lookup(Scope scope) {
        OutputRange range = new OutputRange(TensorType.INT8, 0, Byte.MIN_VALUE, Byte.MAX_VALUE);
        inPlace(scope, Unary.LOOKUP, scope.place(1), 0, Rescale.IDENTITY, range);
    }

    static void interpolate(Scope scope, Interpolate interpolate) {
        inPlace(scope, Unary.INTERPOLATE, scope.place(1), 0, interpolate.rescale(), interpolate.output());
    }

    /** Every element to the same index. */
    private static void inPlace(
            Scope scope, Unary function, int table, int zeroPoint, Rescale rescale, OutputRange range) {
        int elements = scope.shape(0).elements();
        unary(scope, function, 0, table, new int[] {elements, elements, 0}, zeroPoint, rescale, range);
    }

    static void concatenate(Scope scope, Concatenate concatenate) {
        Shape result = scope.result().shape();
        int outer = 1;
        for (int axis = 0; axis < concatenate.axis(); axis++) {
            outer *= result.dimension(axis);
        }
        int total = result.elements() / outer;
        int start = 0;
        for (int i = 0; i < concatenate.operands().size(); i++) {
            Scaled scaled = concatenate.operands().get(i);
            int inner = scope.shape(i).elements() / outer;
            unary(
                    scope,
                    Unary.RESCALE,
                    i,
                    0,
                    new int[] {inner, total, start},
                    scaled.zeroPoint(),
                    scaled.rescale(),
                    concatenate.output());
            start += inner;
        }
    }

    /** @param target elements of a run, from one run's start to the next, and before the first */
    private static void unary(
            Scope scope,
            Unary function,
            int operand,
            int table,
            int[] target,
            int zeroPoint,
            Rescale rescale,
            OutputRange range) {
        int elements = scope.shape(operand).elements();
        scope.launch(
                Kernel.UNARY,
                elements,
                new Fields()
                        .add(scope.place(operand), scope.resultPlace(), table, function.code)
                        .add(scope.operand(operand).type().bytes(), elements)
                        .add(target)
                        .add(zeroPoint, rescale.multiplier(), rescale.shift())
                        .range(range));
    }
}
