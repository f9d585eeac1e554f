package io.engram.inference.engine.natives;

import io.engram.inference.operator.Mean;
import io.engram.inference.operator.Normalise;
import io.engram.inference.operator.Softmax;
import io.engram.inference.operator.Value;
import io.engram.inference.operator.WideSoftmax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import java.util.function.LongSupplier;

/** Operators over the last axis. */
final class Rows {

    private static final int WORK = 16;
    private static final int MEAN_WORK = 4;

    private Rows() {}

    static boolean softmax(Scope scope, Softmax softmax) {
        Value value = scope.operand(0);
        Tensor table = scope.operand(1).constant().orElseThrow();
        int[] entries = table.toArray();
        long stored = scope.constants.addInts(entries);
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

    static boolean wideSoftmax(Scope scope, WideSoftmax softmax) {
        Shape shape = scope.operand(0).shape();
        long coarse = table(scope, 1);
        long fine = table(scope, 2);
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        LongSupplier mask = softmax.masked() ? scope.place(3) : () -> 0;
        int[] maskSteps = softmax.masked() ? Elements.steps(scope.operand(3).shape(), shape) : new int[shape.rank()];
        scope.add(
                Kind.WIDE_SOFTMAX,
                WORK * (long) shape.elements(),
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), coarse, fine, mask.getAsLong(), softmax.masked() ? 1 : 0)
                        .axes(shape.toArray(), 1)
                        .axes(maskSteps, 0)
                        .add(softmax.numerator())
                        .range(softmax.output()));
        return true;
    }

    static boolean normalise(Scope scope, Normalise norm) {
        Value value = scope.operand(0);
        long width = value.shape().last();
        long elements = value.shape().elements();
        long gains = table(scope, 1);
        long biases = table(scope, 2);
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.NORMALISE,
                WORK * elements,
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), gains, biases, elements / width, width)
                        .add(value.type().bytes(), norm.centred() ? 1 : 0, norm.inputZeroPoint())
                        .add(norm.epsilon().value())
                        .rescale(norm.rescale())
                        .range(norm.output()));
        return true;
    }

    static boolean mean(Scope scope, Mean mean) {
        Value value = scope.operand(0);
        Shape shape = value.shape();
        Shape result = scope.result().shape();
        int[] steps = Elements.steps(shape, shape);
        int[] maskSteps = mean.masked() ? Elements.steps(scope.operand(1).shape(), shape) : new int[shape.rank()];
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        LongSupplier mask = mean.masked() ? scope.place(1) : () -> 0;
        scope.add(
                Kind.MEAN,
                MEAN_WORK * (long) shape.elements(),
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), mask.getAsLong())
                        .add(value.type().bytes(), mean.masked() ? 1 : 0)
                        .axes(result.toArray(), 1)
                        .axes(steps, 0)
                        .axes(maskSteps, 0)
                        .add(shape.dimension(mean.axis()), steps[mean.axis()], maskSteps[mean.axis()])
                        .add(mean.inputZeroPoint())
                        .rescale(mean.rescale())
                        .range(mean.output()));
        return true;
    }

    private static long table(Scope scope, int operand) {
        return scope.constants.addInts(
                scope.operand(operand).constant().orElseThrow().toArray());
    }
}
