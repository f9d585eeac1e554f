package io.engram.inference.engine.reference;

import io.engram.inference.operator.Add;
import io.engram.inference.operator.Clamp;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Requantise;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** Operators that make each element from one element of each operand. */
final class Elementwise {

    private Elementwise() {}

    static Tensor add(Add add, Tensor a, Tensor b, Shape resultShape) {
        Tensor result = Tensor.zeros(add.output().type(), resultShape);
        int[] stepsA = Strides.broadcast(a.shape(), resultShape);
        int[] stepsB = Strides.broadcast(b.shape(), resultShape);
        Counter counter = new Counter(resultShape);
        long half = 1L << (add.shift() - 1);
        for (int i = 0; i < resultShape.elements(); i++) {
            long first = (long) a.get(counter.offset(stepsA)) - add.a().zeroPoint();
            long second = (long) b.get(counter.offset(stepsB)) - add.b().zeroPoint();
            long sum = first * add.a().multiplier() + second * add.b().multiplier();
            result.set(i, Rounding.finish((sum + half) >> add.shift(), add.output()));
            counter.next();
        }
        return result;
    }

    static Tensor multiply(Multiply multiply, Tensor a, Tensor b, Shape resultShape) {
        Tensor result = Tensor.zeros(multiply.output().type(), resultShape);
        int[] stepsA = Strides.broadcast(a.shape(), resultShape);
        int[] stepsB = Strides.broadcast(b.shape(), resultShape);
        Counter counter = new Counter(resultShape);
        for (int i = 0; i < resultShape.elements(); i++) {
            long first = (long) a.get(counter.offset(stepsA)) - multiply.zeroPointA();
            long second = (long) b.get(counter.offset(stepsB)) - multiply.zeroPointB();
            int product = Rounding.accumulator(first * second);
            result.set(i, Rounding.finish(Rounding.rescale(product, multiply.rescale()), multiply.output()));
            counter.next();
        }
        return result;
    }

    static Tensor clamp(Clamp clamp, Tensor in) {
        Tensor result = Tensor.zeros(in.type(), in.shape());
        for (int i = 0; i < in.shape().elements(); i++) {
            result.set(i, Math.clamp(in.get(i), clamp.lo(), clamp.hi()));
        }
        return result;
    }

    static Tensor requantise(Requantise requantise, Tensor in) {
        Tensor result = Tensor.zeros(requantise.output().type(), in.shape());
        for (int i = 0; i < in.shape().elements(); i++) {
            long value = Rounding.rescale((long) in.get(i) - requantise.inputZeroPoint(), requantise.rescale());
            result.set(i, Rounding.finish(value, requantise.output()));
        }
        return result;
    }

    static Tensor lookup(Tensor in, Tensor table) {
        byte[] from = in.data();
        byte[] to = new byte[from.length];
        for (int i = 0; i < from.length; i++) {
            to[i] = table.data()[from[i] + 128];
        }
        return Tensor.wrap(TensorType.INT8, in.shape(), to);
    }

    static Tensor interpolate(Interpolate interpolate, Tensor in, Tensor table) {
        Tensor result = Tensor.zeros(interpolate.output().type(), in.shape());
        int step = 1 << Interpolate.STEP_BITS;
        for (int i = 0; i < in.shape().elements(); i++) {
            int u = in.get(i) + Interpolate.OFFSET;
            int point = u >> Interpolate.STEP_BITS;
            int fraction = u & step - 1;
            long value = (long) table.get(point) * (step - fraction) + (long) table.get(point + 1) * fraction;
            result.set(i, Rounding.finish(Rounding.rescale(value, interpolate.rescale()), interpolate.output()));
        }
        return result;
    }
}
