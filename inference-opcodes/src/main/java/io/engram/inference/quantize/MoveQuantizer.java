package io.engram.inference.quantize;

import io.engram.inference.onnx.Clamp;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.operator.Concatenate;
import io.engram.inference.operator.OutputRange;
import io.engram.inference.operator.Pad;
import io.engram.inference.operator.Reshape;
import io.engram.inference.operator.Scaled;
import io.engram.inference.operator.Transpose;
import io.engram.inference.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Integer forms of what moves elements without computing. */
final class MoveQuantizer {

    private MoveQuantizer() {}

    static int reshape(Emitter emitter, FloatNode node, Shape shape) {
        return emitter.emit(new Reshape(shape), emitter.handle(node, 0));
    }

    static int transpose(Emitter emitter, FloatNode node, FloatOperation.Transpose transpose)
            throws UnsupportedOperatorException {
        int[] order = transpose.permutation();
        if (order[0] != 0) {
            throw Emitter.unsupported(node, "a transpose that moves the batch");
        }
        return emitter.emit(new Transpose(list(order)), emitter.handle(node, 0));
    }

    static int pad(Emitter emitter, int index, FloatOperation.Pad pad) {
        int value = emitter.scale(index).quantise(pad.value(), emitter.type(index));
        Pad operator = new Pad(list(pad.before()), list(pad.after()), value);
        return emitter.emit(operator, emitter.handle(emitter.node(index), 0));
    }

    static int concatenate(Emitter emitter, int index, FloatOperation.Concat concat)
            throws UnsupportedOperatorException {
        FloatNode node = emitter.node(index);
        int count = node.inputs().size();
        if (concat.axis() == 0 || count > Concatenate.MAX_OPERANDS) {
            throw Emitter.unsupported(node, "along the batch, or of more than " + Concatenate.MAX_OPERANDS + " values");
        }
        TensorScale own = emitter.scale(index);
        int[] operands = new int[count];
        Scaled[] scaled = new Scaled[count];
        for (int i = 0; i < count; i++) {
            Emitter.Operand operand = emitter.operand(node, i);
            TensorScale in = operand.scale();
            operands[i] = operand.handle();
            scaled[i] = new Scaled(in.zeroPoint(), TensorScale.rescale(in.step() / own.step()));
        }
        OutputRange range = emitter.range(index, Clamp.NONE);
        return emitter.emit(new Concatenate(concat.axis(), List.of(scaled), range), operands);
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
