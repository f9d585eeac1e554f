package io.engram.inference.engine.cuda;

import io.engram.inference.operator.Gather;
import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Slice;
import io.engram.inference.operator.Transpose;
import io.engram.inference.tensor.Shape;

/** Operators that put elements elsewhere, and means along an axis (elements.cuh). */
final class Layouts {

    private Layouts() {}

    static void transpose(Scope scope, Transpose transpose) {
        int[] source = strides(scope.shape(0));
        int[] strides = new int[source.length];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = source[transpose.permutation().get(axis)];
        }
        int[] dimensions = scope.result().shape().toArray();
        move(scope, 0, 0, strides, new int[dimensions.length], dimensions);
    }

    static void slice(Scope scope, Slice slice) {
        int[] strides = strides(scope.shape(0));
        int origin = slice.start() * strides[slice.axis()];
        strides[slice.axis()] *= slice.step();
        int[] dimensions = scope.result().shape().toArray();
        move(scope, origin, 0, strides, new int[dimensions.length], dimensions);
    }

    static void pad(Scope scope, Pad pad) {
        int[] strides = strides(scope.shape(0));
        int[] lo = new int[strides.length];
        int[] hi = new int[strides.length];
        int origin = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            lo[axis] = pad.before().get(axis);
            hi[axis] = lo[axis] + scope.shape(0).dimension(axis);
            origin -= lo[axis] * strides[axis];
        }
        move(scope, origin, pad.value(), strides, lo, hi);
    }

    private static void move(Scope scope, int origin, int value, int[] strides, int[] lo, int[] hi) {
        Shape result = scope.result().shape();
        scope.launch(
                Kernel.MOVE,
                result.elements(),
                new Fields()
                        .add(scope.place(0), scope.resultPlace())
                        .add(scope.result().type().bytes(), result.elements(), origin, value)
                        .axes(result.toArray(), 1)
                        .axes(strides, 0)
                        .axes(lo, 0)
                        .axes(hi, 1));
    }

    static void gather(Scope scope, Gather gather) {
        Shape values = scope.shape(0);
        int inner = strides(values)[gather.axis()];
        int elements = scope.result().shape().elements();
        scope.launch(
                Kernel.GATHER,
                elements,
                new Fields()
                        .add(scope.place(0), scope.place(1), scope.resultPlace())
                        .add(
                                scope.operand(0).type().bytes(),
                                scope.operand(1).type().bytes(),
                                elements)
                        .add(
                                values.dimension(gather.axis()),
                                inner,
                                scope.shape(1).elements()));
    }

    static void mean(Scope scope, Mean mean) {
        Shape from = scope.shape(0);
        Shape result = scope.result().shape();
        int[] strides = strides(from);
        int[] maskStrides = mean.masked() ? broadcast(scope.shape(1), from) : new int[from.rank()];
        scope.launch(
                Kernel.MEAN,
                result.elements(),
                new Fields()
                        .add(scope.place(0), mean.masked() ? scope.place(1) : 0, scope.resultPlace())
                        .add(scope.operand(0).type().bytes(), result.elements(), from.dimension(mean.axis()))
                        .add(mean.masked())
                        .add(strides[mean.axis()], maskStrides[mean.axis()])
                        .axes(result.toArray(), 1)
                        .axes(strides, 0)
                        .axes(maskStrides, 0)
                        .add(mean.inputZeroPoint())
                        .add(mean.rescale().multiplier(), mean.rescale().shift())
                        .range(mean.output()));
    }

    /** Elements from one index of an axis to the next. */
    static int[] strides(Shape shape) {
        return broadcast(shape, shape);
    }

    /** The same where an operand may be repeated along an axis: 0 there. */
    static int[] broadcast(Shape operand, Shape result) {
        int[] strides = new int[result.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            boolean repeated = operand.dimension(axis) != result.dimension(axis);
            strides[axis] = repeated ? 0 : stride;
            stride *= operand.dimension(axis);
        }
        return strides;
    }
}
