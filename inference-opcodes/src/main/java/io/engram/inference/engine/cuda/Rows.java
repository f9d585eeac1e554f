package io.engram.inference.engine.cuda;

import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.tensor.Shape;

/** Operators over the last axis (rows.cuh). */
final class Rows {

    private Rows() {}

    static void softmax(Scope scope, Softmax softmax) {
        scope.launchWarps(
                Kernel.SOFTMAX,
                rows(scope),
                new Fields()
                        .add(scope.place(0), scope.resultPlace(), scope.place(1))
                        .add(rows(scope), scope.shape(0).last(), softmax.numerator())
                        .range(softmax.output()));
    }

    static void wideSoftmax(Scope scope, WideSoftmax softmax) {
        Shape shape = scope.shape(0);
        int[] maskStrides = softmax.masked() ? Layouts.broadcast(scope.shape(3), shape) : new int[shape.rank()];
        scope.launchWarps(
                Kernel.WIDE_SOFTMAX,
                rows(scope),
                new Fields()
                        .add(scope.place(0), scope.resultPlace(), scope.place(1), scope.place(2))
                        .add(softmax.masked() ? scope.place(3) : 0)
                        .add(rows(scope), shape.last())
                        .add(softmax.masked())
                        .add(softmax.numerator())
                        .axes(shape.toArray(), 1)
                        .axes(maskStrides, 0)
                        .range(softmax.output()));
    }

    static void argMax(Scope scope) {
        scope.launchWarps(
                Kernel.ARGMAX,
                rows(scope),
                new Fields()
                        .add(
                                scope.place(0),
                                scope.resultPlace(),
                                rows(scope),
                                scope.shape(0).last())
                        .add(scope.operand(0).type().bytes()));
    }

    static void normalise(Scope scope, Normalise norm) {
        scope.launchWarps(
                Kernel.NORMALISE,
                rows(scope),
                new Fields()
                        .add(scope.place(0), scope.resultPlace(), scope.place(1), scope.place(2))
                        .add(
                                scope.operand(0).type().bytes(),
                                rows(scope),
                                scope.shape(0).last())
                        .add(norm.centred())
                        .add(
                                norm.inputZeroPoint(),
                                norm.epsilon().mantissa(),
                                norm.epsilon().shift())
                        .add(norm.rescale().multiplier(), norm.rescale().shift())
                        .range(norm.output()));
    }

    private static int rows(Scope scope) {
        return scope.shape(0).elements() / scope.shape(0).last();
    }
}
