package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.Add;
import io.engram.inference.operator.Lookup;
import io.engram.inference.operator.Multiply;
import io.engram.inference.operator.Rescale;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;

/** Integer forms of what works on each element by itself. */
final class ElementQuantizer {

    private ElementQuantizer() {}

    static int sum(Emitter emitter, int index, FloatOperation.Sum sum) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        emitter.requireScaled(node);
        TensorScale a = emitter.inputScale(node, 0);
        TensorScale b = emitter.inputScale(node, 1);
        double out = emitter.scale(index).step();
        int shift = TensorScale.rescale(Math.max(a.step(), b.step()) / out).shift();
        Add operator = new Add(
                new Add.Term(a.zeroPoint(), multiplier(a.step() / out, shift)),
                new Add.Term(b.zeroPoint(), multiplier(b.step() / out, shift)),
                shift,
                emitter.range(index, sum.clamp()));
        return emitter.emit(operator, emitter.handle(node, 0), emitter.handle(node, 1));
    }

    private static int multiplier(double ratio, int shift) {
        return (int) Math.min(StrictMath.round(StrictMath.scalb(ratio, shift)), Integer.MAX_VALUE);
    }

    static int product(Emitter emitter, int index, FloatOperation.Product product) throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        emitter.requireScaled(node);
        TensorScale a = emitter.inputScale(node, 0);
        TensorScale b = emitter.inputScale(node, 1);
        Rescale rescale =
                TensorScale.rescale(a.step() * b.step() / emitter.scale(index).step());
        Multiply operator = new Multiply(a.zeroPoint(), b.zeroPoint(), rescale, emitter.range(index, product.clamp()));
        return emitter.emit(operator, emitter.handle(node, 0), emitter.handle(node, 1));
    }

    static int lookup(Emitter emitter, int index, FloatOperation.Pointwise pointwise)
            throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        emitter.requireInt8(node);
        TensorScale in = emitter.inputScale(node, 0);
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
        return emitter.emit(new Lookup(), emitter.handle(node, 0), constant);
    }
}
