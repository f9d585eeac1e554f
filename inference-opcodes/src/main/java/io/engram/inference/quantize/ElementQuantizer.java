package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Interpolate;
import io.engram.inference.operator.Lookup;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Requantise;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** Integer forms of what works on each element by itself. */
final class ElementQuantizer {

    private ElementQuantizer() {}

    static int sum(Emitter emitter, int index, FloatOperation.Sum sum) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        Emitter.Operand first = emitter.operand(node, 0);
        Emitter.Operand second = emitter.operand(node, 1);
        TensorScale a = first.scale();
        TensorScale b = second.scale();
        double out = emitter.scale(index).step();
        int shift = TensorScale.rescale(Math.max(a.step(), b.step()) / out).shift();
        Add operator = new Add(
                new Add.Term(a.zeroPoint(), multiplier(a.step() / out, shift)),
                new Add.Term(b.zeroPoint(), multiplier(b.step() / out, shift)),
                shift,
                emitter.range(index, sum.clamp()));
        return emitter.emit(operator, first.handle(), second.handle());
    }

    private static int multiplier(double ratio, int shift) {
        return (int) Math.min(StrictMath.round(StrictMath.scalb(ratio, shift)), Integer.MAX_VALUE);
    }

    static int product(Emitter emitter, int index, FloatOperation.Product product) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        Emitter.Operand first = emitter.operand(node, 0);
        Emitter.Operand second = emitter.operand(node, 1);
        TensorScale a = first.scale();
        TensorScale b = second.scale();
        Rescale rescale =
                TensorScale.rescale(a.step() * b.step() / emitter.scale(index).step());
        Multiply operator = new Multiply(a.zeroPoint(), b.zeroPoint(), rescale, emitter.range(index, product.clamp()));
        return emitter.emit(operator, first.handle(), second.handle());
    }

    static int round(Emitter emitter, int index) throws UnsupportedOperatorException {
        Emitter.Operand operand = emitter.operand(emitter.node(index), 0);
        TensorScale own = emitter.scale(index);
        Rescale rescale = TensorScale.rescale(operand.scale().step() / own.step());
        Requantise operator = new Requantise(operand.scale().zeroPoint(), rescale, OutputRange.int8(own.zeroPoint()));
        return emitter.emit(operator, operand.handle());
    }

    static int lookup(Emitter emitter, int index, FloatOperation.Pointwise pointwise)
            throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        if (emitter.isWide(node, 0)) {
            return interpolate(emitter, index, pointwise);
        }
        Emitter.Operand operand = emitter.int8(node, 0);
        TensorScale in = operand.scale();
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            double x = in.dequantise(i + Byte.MIN_VALUE);
            double value = pointwise.function().apply(x);
            if (Double.isNaN(value)) {
                throw Emitter.unsupported(node, "the function has no value at " + x);
            }
            table[i] = emitter.scale(index).quantise(value, TensorType.INT8);
        }
        int constant = emitter.constant(Tensor.ofVector(TensorType.INT8, table));
        return emitter.emit(new Lookup(), operand.handle(), constant);
    }

    private static int interpolate(Emitter emitter, int index, FloatOperation.Pointwise pointwise)
            throws UnsupportedOperatorException {
        Emitter.Operand operand = emitter.operand(emitter.node(index), 0);
        Curve curve = Curve.of(
                pointwise.function()::apply,
                operand.scale().step(),
                emitter.scale(index).step());
        return emitter.emit(
                new Interpolate(curve.rescale(), emitter.range(index, Clamp.NONE)),
                operand.handle(),
                emitter.constant(Tensor.ofVector(TensorType.INT16, curve.points())));
    }
}
