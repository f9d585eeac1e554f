package io.engram.inference.engine.natives;

import io.engram.inference.operator.Add;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.operator.Value;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.function.LongSupplier;

/** Operators that make each element from one element of each operand. */
final class Elements {

    /** From this shift on the sum of two rescaled int8 fits 32 bits. */
    private static final int NARROW_SHIFT = 10;

    /** Work of an element that is loaded, computed and stored by itself. */
    private static final long SCALAR = 16;

    /** By the library's numbers. */
    enum Function {
        ADD(0),
        MULTIPLY(1),
        RESCALE(2),
        CLAMP(3);

        private final int code;

        Function(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private Elements() {}

    static boolean add(Scope scope, Add add) {
        Value a = scope.operand(0);
        Value b = scope.operand(1);
        LongSupplier placeA = scope.place(0);
        LongSupplier placeB = scope.place(1);
        LongSupplier out = scope.resultPlace();
        long elements = scope.result().shape().elements();
        if (isInt8(a)
                && isInt8(b)
                && a.shape().equals(b.shape())
                && add.output().type() == TensorType.INT8
                && add.shift() >= NARROW_SHIFT) {
            scope.add(
                    Kind.ADD,
                    4 * elements,
                    () -> new Fields()
                            .add(placeA.getAsLong(), placeB.getAsLong(), out.getAsLong(), elements)
                            .add(add.a().zeroPoint(), add.a().multiplier())
                            .add(add.b().zeroPoint(), add.b().multiplier(), add.shift())
                            .range(add.output()));
            return true;
        }
        elementwise(
                scope,
                Function.ADD,
                placeA,
                placeB,
                add.output(),
                add.a().zeroPoint(),
                add.a().multiplier(),
                add.b().zeroPoint(),
                add.b().multiplier(),
                add.shift());
        return true;
    }

    static boolean multiply(Scope scope, Multiply multiply) {
        elementwise(
                scope,
                Function.MULTIPLY,
                scope.place(0),
                scope.place(1),
                multiply.output(),
                multiply.zeroPointA(),
                multiply.rescale().multiplier(),
                multiply.zeroPointB(),
                0,
                multiply.rescale().shift());
        return true;
    }

    private static void elementwise(
            Scope scope, Function function, LongSupplier a, LongSupplier b, OutputRange range, long... numbers) {
        Shape result = scope.result().shape();
        Value first = scope.operand(0);
        Value second = scope.operand(1);
        int[] stepsA = steps(first.shape(), result);
        int[] stepsB = steps(second.shape(), result);
        int[] steps = steps(result, result);
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.ELEMENTWISE,
                SCALAR * result.elements(),
                () -> new Fields()
                        .add(a.getAsLong(), b.getAsLong(), out.getAsLong(), function.code())
                        .add(first.type().bytes(), second.type().bytes())
                        .axes(result.toArray(), 1)
                        .axes(stepsA, 0)
                        .axes(stepsB, 0)
                        .axes(steps, 0)
                        .add(numbers)
                        .range(range));
    }

    static boolean clamp(Scope scope, Clamp clamp) {
        Value in = scope.operand(0);
        if (isInt8(in)) {
            map(scope, ByteTable.of(x -> Math.clamp(x, clamp.lo(), clamp.hi())));
        } else {
            OutputRange range = new OutputRange(in.type(), 0, clamp.lo(), clamp.hi());
            one(scope, Function.CLAMP, scope.place(0), in.type(), range, 0, 0, 0, 0, 1);
        }
        return true;
    }

    static boolean requantise(Scope scope, Requantise requantise) {
        Value in = scope.operand(0);
        OutputRange range = requantise.output();
        if (isInt8(in) && range.type() == TensorType.INT8) {
            map(scope, ByteTable.of(x -> Rescaled.of(x - requantise.inputZeroPoint(), requantise.rescale(), range)));
        } else {
            rescale(scope, scope.place(0), in.type(), requantise.inputZeroPoint(), requantise.rescale(), range);
        }
        return true;
    }

    static boolean lookup(Scope scope) {
        Tensor table = scope.operand(1).constant().orElseThrow();
        map(scope, ByteTable.of(x -> table.get(x + 128)));
        return true;
    }

    static boolean interpolate(Scope scope, Interpolate interpolate) {
        long elements = scope.result().shape().elements();
        long table = scope.constants.addInts(
                scope.operand(1).constant().orElseThrow().toArray());
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.INTERPOLATE,
                SCALAR * elements,
                () -> new Fields()
                        .add(in.getAsLong(), out.getAsLong(), table, elements)
                        .rescale(interpolate.rescale())
                        .range(interpolate.output()));
        return true;
    }

    private static void map(Scope scope, ByteTable table) {
        long elements = scope.result().shape().elements();
        LongSupplier in = scope.place(0);
        LongSupplier out = scope.resultPlace();
        long stored = table.store(scope);
        scope.add(Kind.MAP, 4 * elements, () -> new Fields().add(in.getAsLong(), out.getAsLong(), stored, elements));
    }

    /** Every element of a value that lies like the result. */
    static void rescale(
            Scope scope, LongSupplier in, TensorType type, int zeroPoint, Rescale rescale, OutputRange range) {
        one(scope, Function.RESCALE, in, type, range, zeroPoint, rescale.multiplier(), 0, 0, rescale.shift());
    }

    private static void one(
            Scope scope, Function function, LongSupplier in, TensorType type, OutputRange range, long... numbers) {
        int elements = scope.result().shape().elements();
        int lines = Layouts.lines(elements);
        int[] dimensions = {lines, elements / lines};
        int[] steps = {elements / lines, 1};
        LongSupplier out = scope.resultPlace();
        scope.add(
                Kind.ELEMENTWISE,
                SCALAR * elements,
                () -> new Fields()
                        .add(
                                in.getAsLong(),
                                in.getAsLong(),
                                out.getAsLong(),
                                function.code(),
                                type.bytes(),
                                type.bytes())
                        .axes(dimensions, 1)
                        .axes(steps, 0)
                        .axes(steps, 0)
                        .axes(steps, 0)
                        .add(numbers)
                        .range(range));
    }

    /** Elements from one index of an axis to the next; 0 where the operand is repeated. */
    static int[] steps(Shape operand, Shape result) {
        int[] steps = new int[result.rank()];
        int step = 1;
        for (int axis = steps.length - 1; axis >= 0; axis--) {
            boolean repeated = operand.dimension(axis) == 1 && result.dimension(axis) != 1;
            steps[axis] = repeated ? 0 : step;
            step *= operand.dimension(axis);
        }
        return steps;
    }

    private static boolean isInt8(Value value) {
        return value.type() == TensorType.INT8;
    }
}
